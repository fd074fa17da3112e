package a

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"news"
)

// What ends it is a method of an embedded struct.
func readAll(f *news.Feed, w io.Writer) error {
	r, err := f.SubscribeReader("all")
	if err != nil {
		return err
	}
	defer r.Cancel()
	for line := range r.Lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func readOne(f *news.Feed) (string, error) {
	r, err := f.SubscribeReader("one") // want `r is not ended on the path that returns at line \d+`
	if err != nil {
		return "", err
	}
	line := <-r.Lines
	if line == "" {
		return "", io.EOF
	}
	r.Cancel()
	return line, nil
}

// An empty list is sent without even the header of a compressor, and what that would have written
// goes with its buffer.
func sendIDs(w io.Writer, ids []uint64) error {
	var buf bytes.Buffer
	zw := zlib.NewWriter(&buf)
	var packed []byte
	if len(ids) > 0 {
		for _, id := range ids {
			if err := binary.Write(zw, binary.BigEndian, id); err != nil {
				return err
			}
		}
		if err := zw.Close(); err != nil {
			return err
		}
		packed = buf.Bytes()
	}
	_, err := w.Write(packed)
	return err
}

func sendOpen(w io.Writer, ids []uint64) error {
	var buf bytes.Buffer
	zw := zlib.NewWriter(&buf) // want `zw is not closed on the path that returns at line`
	for _, id := range ids {
		if err := binary.Write(zw, binary.BigEndian, id); err != nil {
			return err
		}
	}
	if len(ids) > 1 {
		if err := zw.Close(); err != nil {
			return err
		}
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// A UDP connection has a UDP address.
func anyPort() (int, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{})
	if err != nil {
		return 0, err
	}
	at, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return 0, io.EOF
	}
	return at.Port, conn.Close()
}

func anyTCPPort() (int, error) {
	l, err := net.Listen("tcp", ":0") // want `l is not closed on the path that returns at line`
	if err != nil {
		return 0, err
	}
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, io.EOF
	}
	return at.Port, l.Close()
}

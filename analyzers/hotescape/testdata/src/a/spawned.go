package a

import "net"

// Each datagram is answered by a goroutine of its own, which reads the buffer while the next one comes in.
func echoAsync(conn net.PacketConn, inTurn bool) error {
	for {
		buf := make([]byte, 2048)
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		if inTurn {
			answer(conn, from, buf[:n])
		} else {
			go answer(conn, from, buf[:n])
		}
	}
}

// And here at the end, all of them.
func echoLate(conn net.PacketConn) error {
	for {
		buf := make([]byte, 2048)
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		defer answer(conn, from, buf[:n])
	}
}

func echo(conn net.PacketConn) error {
	for {
		buf := make([]byte, 2048) // want `buf \(2 KiB\) is allocated on every iteration, because the compiler must assume that conn.ReadFrom keeps it; declare it before the loop`
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		answer(conn, from, buf[:n])
	}
}

func answer(conn net.PacketConn, to net.Addr, buf []byte) {
	conn.WriteTo(buf, to)
}

package doc

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"os"
	"os/signal"
)

func size(path string) (int64, error) {
	f, err := os.Open(path) // want `f is not closed on the path that returns at line 18: its file descriptor stays open until the garbage collector finds it; defer f.Close\(\) after the error check`
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	f.Close()
	return info.Size(), nil
}

func sizeAndClose(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func compress(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf) // want `zw is never closed: what it still holds is not written, and the output is cut short; call zw.Close\(\) and check its error`
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func compressAndClose(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func rename(db *sql.DB, from, to string) error {
	tx, err := db.Begin() // want `tx is not committed or rolled back on the path that returns at line 64: it keeps a connection of the pool, and its locks in the database; defer tx.Rollback\(\) after the error check`
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE users SET name = ? WHERE name = ?", to, from); err != nil {
		return err
	}
	return tx.Commit()
}

func renameOrRollBack(db *sql.DB, from, to string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // of no effect after Commit
	if _, err := tx.Exec("UPDATE users SET name = ? WHERE name = ?", to, from); err != nil {
		return err
	}
	return tx.Commit()
}

func waitForInterrupt() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c is never given to signal.Stop: the runtime keeps it and goes on delivering to it, and the signals no longer end the process; defer signal.Stop\(c\) right here`
	<-c
}

func waitForInterruptAndStop() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	<-c
}

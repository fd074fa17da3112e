// Package helper opens and closes for other packages.
package helper

import (
	"database/sql"
	"io"
	"os"
)

func Create(dir string) (*os.File, error) {
	return os.CreateTemp(dir, "x")
}

func CloseAll(cs ...io.Closer) {
	for _, c := range cs {
		c.Close()
	}
}

func CloseOne(c io.Closer) {
	if c != nil {
		c.Close()
	}
}

func Fill(f *os.File) error {
	_, err := f.WriteString("x")
	return err
}

func Insert(tx *sql.Tx) error {
	_, err := tx.Exec("INSERT INTO t VALUES (1)")
	return err
}

func End(tx *sql.Tx, err *error) {
	if *err != nil {
		tx.Rollback()
		return
	}
	*err = tx.Commit()
}

type Log struct{ f *os.File }

func OpenLog(path string) (*Log, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &Log{f}, nil
}

func (l *Log) Add(s string) error {
	_, err := l.f.WriteString(s)
	return err
}

func (l *Log) Close() error { return l.f.Close() }

// Package helper opens and closes for other packages.
package close

import (
	"database/sql"
	"io"
	"os"
)

func Create(dir string) (*os.File, error) { // want Create:`handles opens0`
	return os.CreateTemp(dir, "x")
}

func CloseAll(cs ...io.Closer) {
	for _, c := range cs {
		c.Close()
	}
}

func CloseOne(c io.Closer) { // want CloseOne:`handles closes0`
	if c != nil {
		c.Close()
	}
}

func Fill(f *os.File) error { // want Fill:`handles keeps0`
	_, err := f.WriteString("x")
	return err
}

func Insert(tx *sql.Tx) error { // want Insert:`handles keeps0`
	_, err := tx.Exec("INSERT INTO t VALUES (1)")
	return err
}

func End(tx *sql.Tx, err *error) { // want End:`handles closes0`
	if *err != nil {
		tx.Rollback()
		return
	}
	*err = tx.Commit()
}

type Log struct{ f *os.File }

func OpenLog(path string) (*Log, error) { // want OpenLog:`handles opens0`
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &Log{f}, nil
}

func (l *Log) Add(s string) error { // want Add:`handles keeps0`
	_, err := l.f.WriteString(s)
	return err
}

func (l *Log) Close() error { return l.f.Close() } // want Close:`handles closes0`

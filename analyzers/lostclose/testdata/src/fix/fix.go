package fix

import (
	"database/sql"
	"io"
	"os"
	"os/signal"
)

func read(path string) ([]byte, error) {
	f, err := os.Open(path) // want `f is never closed`
	if err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}

func insert(db *sql.DB) error {
	tx, err := db.Begin() // want `tx is not committed or rolled back`
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO t VALUES (1)")
	return err
}

func wait() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c is never given`
	<-c
}

func handedOn(path string, last **os.File, keep bool) error {
	f, err := os.Open(path) // want `f is not closed`
	if err != nil {
		return err
	}
	if keep {
		*last = f
	}
	return nil
}

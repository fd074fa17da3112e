//go:build ignore

// proof: behaviour transaction

package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

func add(db *sql.DB, id int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO t VALUES (?)", id); err != nil {
		return err
	}
	return tx.Commit()
}

// failing is a database in which no statement succeeds.
type failing struct{}

func (f failing) Connect(context.Context) (driver.Conn, error) { return f, nil }
func (f failing) Driver() driver.Driver                        { return nil }
func (f failing) Prepare(string) (driver.Stmt, error)          { return nil, errors.New("no") }
func (f failing) Close() error                                 { return nil }
func (f failing) Begin() (driver.Tx, error)                    { return f, nil }
func (f failing) Commit() error                                { return nil }
func (f failing) Rollback() error                              { return nil }

func run() string {
	db := sql.OpenDB(failing{})
	defer db.Close()
	for i := range 5 {
		add(db, i)
	}
	if n := db.Stats().InUse; n > 0 {
		return fmt.Sprintf("bad: %d connections are in use", n)
	}
	return "ok"
}

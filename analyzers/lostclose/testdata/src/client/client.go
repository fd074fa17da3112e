// Package client uses the helper package.
package client

import (
	"database/sql"
	"fmt"
	"helper"
)

func filled(dir string) error {
	f, err := helper.Create(dir) // want `f is not closed on the path that returns at line`
	if err != nil {
		return err
	}
	if err := helper.Fill(f); err != nil {
		return err
	}
	return f.Close()
}

func filledRight(dir string) error {
	f, err := helper.Create(dir)
	if err != nil {
		return err
	}
	defer helper.CloseOne(f)
	return helper.Fill(f)
}

func several(dir string) error {
	f, err := helper.Create(dir)
	if err != nil {
		return err
	}
	defer helper.CloseAll(f)
	return helper.Fill(f)
}

func logs(path string) error {
	l, err := helper.OpenLog(path) // want `l is never closed: the file or connection that it holds`
	if err != nil {
		return err
	}
	return l.Add("x")
}

func logsRight(path string) error {
	l, err := helper.OpenLog(path)
	if err != nil {
		return err
	}
	defer l.Close()
	return l.Add("x")
}

func transaction(db *sql.DB) error {
	tx, err := db.Begin() // want `tx is not committed or rolled back on the path`
	if err != nil {
		return err
	}
	if err := helper.Insert(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func transactionRight(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer helper.End(tx, &err)
	return helper.Insert(tx)
}

type opened struct {
	TicketID string
	At       int64
}

// Who asked ends the ticket later, by its number, which the desk finds it by.
func number(d *helper.Desk) (*opened, error) {
	t, err := d.NewTransaction()
	if err != nil {
		return nil, err
	}
	return &opened{TicketID: t.GetID()}, nil
}

func numberAlone(d *helper.Desk) (string, error) {
	t, err := d.NewTransaction()
	if err != nil {
		return "", err
	}
	return t.GetID(), nil
}

// A number that is only written down finds nothing.
func logged(d *helper.Desk) error {
	t, err := d.NewTransaction() // want `t is not committed or rolled back on the path that returns at line`
	if err != nil {
		return err
	}
	if !t.Fresh() {
		return fmt.Errorf("ticket %s is stale", t.GetID())
	}
	return t.Commit()
}

type ring struct {
	next *ring
	id   string
}

// Nobody gets the number, though it is in an object that is in its own field.
func alone(d *helper.Desk) error {
	t, err := d.NewTransaction() // want `t is not committed or rolled back on the path that returns at line`
	if err != nil {
		return err
	}
	r := new(ring)
	r.next = r
	r.id = t.GetID()
	return nil
}

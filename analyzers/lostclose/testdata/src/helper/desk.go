package helper

// A Ticket is what is done together or not at all.
type Ticket interface {
	GetID() string
	Fresh() bool
	Commit() error
	Rollback() error
}

// A Desk knows its tickets by their numbers.
type Desk struct {
	tickets map[string]Ticket
	make    func() (Ticket, error)
}

// NewTransaction opens a ticket.
func (d *Desk) NewTransaction() (Ticket, error) {
	t, err := d.make()
	if err != nil {
		return nil, err
	}
	d.tickets[t.GetID()] = t
	return t, nil
}

// Commit ends a ticket.
func (d *Desk) Commit(id string) error {
	t := d.tickets[id]
	delete(d.tickets, id)
	return t.Commit()
}

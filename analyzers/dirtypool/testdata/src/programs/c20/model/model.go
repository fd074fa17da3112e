package model

type Message struct {
	To      string
	Subject string
	Cc      []string
	Urgent  bool
}

func (m *Message) Reset() {
	m.To = ""
	m.Subject = ""
	m.Cc = m.Cc[:0]
	m.resetFlags()
}

func (m *Message) resetFlags() { m.Urgent = false }

type Other struct {
	A, B string
}

func (o *Other) Reset() { *o = Other{} }

type Kept struct {
	ID   int
	Opts []string
}

// Reset leaves the options.
func (k *Kept) Reset() { k.ID = 0 }

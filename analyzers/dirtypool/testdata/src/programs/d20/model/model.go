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
}

package send

import (
	"strings"

	"programs/d20/store"
)

func Send(to, subject string, out func(string)) {
	m := store.Acquire()
	defer store.Release(m) // want `\*model\.Message goes back to pool with field Urgent still set, which its next user reads`
	m.To, m.Subject = to, subject
	if strings.HasPrefix(subject, "!") {
		m.Urgent = true
	}
	line := m.To + m.Subject
	if m.Urgent {
		line = "URGENT " + line
	}
	out(line)
}

package doubted

// Whoever asks before each element whether the two lists are as long as the number yet, or longer, knows
// that the one which is there may be so alone.

type Shelf struct {
	fixed []string
	rest  []string
}

func (s *Shelf) Fill(limit int) []string {
	more := make([]string, 0, limit-len(s.fixed)) // want `limit - len\(s.fixed\) is negative when limit < len\(s.fixed\), and make panics`
	for _, x := range s.rest {
		if len(more)+len(s.fixed) >= limit {
			break
		}
		more = append(more, x)
	}
	return append(s.fixed, more...)
}

func Of(fixed, rest []string) *Shelf { return &Shelf{fixed, rest} }

// Silent: it never gets longer; it is asked before; nobody asks.

func (s *Shelf) FillTo(limit int) []string {
	more := make([]string, 0, limit-len(s.fixed))
	for _, x := range s.rest {
		if len(more)+len(s.fixed) == limit {
			break
		}
		more = append(more, x)
	}
	return append(s.fixed, more...)
}

func (s *Shelf) FillRest(limit int) []string {
	if limit < len(s.fixed) {
		return nil
	}
	more := make([]string, 0, limit-len(s.fixed))
	for _, x := range s.rest {
		if len(more)+len(s.fixed) >= limit {
			break
		}
		more = append(more, x)
	}
	return append(s.fixed, more...)
}

func (s *Shelf) Pad(width int) []string {
	pad := make([]string, width-len(s.fixed))
	for i := range pad {
		pad[i] = " "
	}
	return append(s.fixed, pad...)
}

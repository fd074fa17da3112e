package a

// Streams are subscribed to by their names, and left by them.
type Streams struct{ readers map[string]int }

// Subscribe returns the name by which the stream is known.
func (s *Streams) Subscribe(stream string) string {
	s.readers[stream]++
	return "stream/" + stream
}

func (s *Streams) Unsubscribe(stream string) { s.readers[stream]-- }

type reader struct {
	streams *Streams
	names   []string
	known   func(id string)
}

func (s *reader) restore() {
	for _, name := range s.names {
		id := s.streams.Subscribe(name)
		s.known(id)
	}
}

func (s *reader) leave() {
	for _, name := range s.names {
		s.streams.Unsubscribe(name)
	}
}

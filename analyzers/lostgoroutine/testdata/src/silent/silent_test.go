package silent

import "testing"

type sink struct {
	OnCreate, OnUpdate func(string)
}

func serve(t *testing.T, s *sink) { t.Helper(); s.OnCreate("x"); report(s) }

func report(any) {}

// OnUpdate is not expected to be called: the test would hang, and so be seen.
func TestSink(t *testing.T) {
	created := make(chan string, 1)
	updated := make(chan string)
	serve(t, &sink{
		OnCreate: func(name string) { created <- name },
		OnUpdate: func(name string) { updated <- name },
	})
	if name := <-created; name != "x" {
		t.Error(name)
	}
}

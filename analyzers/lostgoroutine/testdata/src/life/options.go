package life

// A Stepper tells of its steps, if it is told where to.
type Stepper struct {
	set   stepSettings
	steps []func()
}

type stepSettings struct {
	progress chan<- int
	events   chan<- string
	log      chan<- string
	logs     bool
	done     chan struct{}
	errors   chan error
}

type StepOption func(*stepSettings)

func WithProgress(ch chan<- int) StepOption { return func(s *stepSettings) { s.progress = ch } }

func WithEvents(ch chan<- string) StepOption { return func(s *stepSettings) { s.events = ch } }

func WithLog(ch chan<- string) StepOption {
	return func(s *stepSettings) { s.log, s.logs = ch, true }
}

func WithDone(ch chan struct{}) StepOption { return func(s *stepSettings) { s.done = ch } }

func WithErrors(ch chan error) StepOption { return func(s *stepSettings) { s.errors = ch } }

func RunSteps(steps []func(), options ...StepOption) {
	a := &Stepper{steps: steps, set: stepSettings{errors: make(chan error, 1)}}
	for _, o := range options {
		o(&a.set)
	}
	for i, step := range a.steps {
		a.set.progress <- i // want `this send to a.set.progress blocks forever unless the option WithProgress is given: it is nil then, and nobody asks for that`
		step()
		a.tell("stepped")
	}
	a.set.errors <- nil
}

func (a *Stepper) tell(what string) {
	if a.set.events != nil {
		a.set.events <- what
	}
	if a.set.logs {
		a.set.log <- what
	}
	select {
	case <-a.set.done:
	default:
	}
}

// A Marker has a channel from the beginning, which an option may replace.
type Marker struct{ marks chan int }

type MarkOption func(*Marker)

func WithMarks(ch chan int) MarkOption { return func(m *Marker) { m.marks = ch } }

func NewMarker(options ...MarkOption) *Marker {
	m := new(Marker)
	for _, o := range append([]MarkOption{WithMarks(make(chan int, 16))}, options...) {
		o(m)
	}
	return m
}

func (m *Marker) Mark(n int) { m.marks <- n }

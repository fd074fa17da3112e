package watch

// What comes of Subscribe waits for the others, and ends nothing.

type barrier interface {
	Signal(event string, err error) error
	Subscribe(event string) (wait func() error)
}

func meet(b barrier, event string) error {
	wait := b.Subscribe(event)
	if err := b.Signal(event, nil); err != nil {
		return err
	}
	return wait()
}

type board interface {
	Subscribe(topic string) (leave func() error)
}

func glance(b board, topic string, look func() error) error {
	leave := b.Subscribe(topic) // want `leave is not ended on the path that returns at line \d+`
	if err := look(); err != nil {
		return err
	}
	return leave()
}

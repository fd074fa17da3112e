package exits

// Who gets the function back is to call it, whatever loud was.
func speak(loud bool, say func()) (wait func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{})
	}
	go func() {
		say()
		if loud {
			close(said)
		}
	}()
	return func() {
		<-said // want `this receive from said blocks forever where it is nil: it is made at line 7 only on one side of the condition`
	}
}

func speakNow(loud bool, say func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{})
		go func() {
			say()
			close(said)
		}()
	}
	beat()
	<-said // want `this receive from said blocks forever where it is nil: it is made at line 23 only on one side of the condition`
}

// It is asked for.
func whisper(loud bool, say func()) (wait func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{})
		go func() {
			say()
			close(said)
		}()
	}
	return func() {
		if said != nil {
			<-said
		}
	}
}

func whisperNow(loud bool, say func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{})
		go func() {
			say()
			close(said)
		}()
	}
	beat()
	if loud {
		<-said
	}
}

// Nobody comes there without it.
func mumble(loud bool, say func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{})
		go func() {
			say()
			close(said)
		}()
	} else {
		beat()
		return
	}
	<-said
}

// Both sides make one.
func either(loud bool, say func()) {
	var said chan struct{}
	if loud {
		said = make(chan struct{}, 1)
	} else {
		said = make(chan struct{})
	}
	go func() {
		say()
		close(said)
	}()
	<-said
}

// The function is given out on one side only.
func maybe(loud bool, say func()) (wait func()) {
	if !loud {
		return nil
	}
	var said chan struct{}
	if loud {
		said = make(chan struct{})
		go func() {
			say()
			close(said)
		}()
		return func() { <-said }
	}
	return nil
}

// Whether there is one already is asked where there is none yet.
func speakOnce(find func() (int, error), say func(chan<- int)) {
	var said chan int
	for {
		n, err := find()
		if err != nil {
			beat()
			continue
		}
		if said == nil {
			said = make(chan int, n)
		}
		go say(said)
		for {
			if <-said < n {
				continue
			}
			beat()
		}
	}
}

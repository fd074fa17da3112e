package life

import "sync"

// A ledger has a loop that Close ends.
type Ledger struct {
	entries chan string
	audits  chan string
	quit    chan struct{}
	wg      sync.WaitGroup
	n       int
}

func NewLedger() *Ledger { // want NewLedger:`starts a goroutine that Close of 0 ends`
	l := &Ledger{entries: make(chan string), audits: make(chan string), quit: make(chan struct{})}
	l.wg.Add(1)
	go l.loop()
	return l
}

func (l *Ledger) loop() {
	defer l.wg.Done()
	for {
		select {
		case <-l.entries:
			l.n++
		case <-l.audits:
			l.n--
		case <-l.quit:
			return
		}
	}
}

// Book knows that the loop may have ended.
func (l *Ledger) Book(e string) bool {
	select {
	case l.entries <- e:
		return true
	case <-l.quit:
		return false
	}
}

// MustBook does not.
func (l *Ledger) MustBook(e string) {
	l.entries <- e // want `this send blocks forever once loop has returned at line \d+: nobody else receives from l.entries`
}

// Of audits all methods say that nobody calls them after Close.
func (l *Ledger) Audit(e string) {
	l.audits <- e
}

func (l *Ledger) Close() {
	close(l.quit)
	l.wg.Wait()
}

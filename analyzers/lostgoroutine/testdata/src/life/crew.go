package life

import (
	"context"
	"sync"
	"time"
)

type sheet struct{ number int }

type printer interface{ print(s sheet) error }

// printRun is one run of several printers, each of which gives up when it is out of order.
type printRun struct {
	sheets chan sheet
	crew   sync.WaitGroup
	mu     sync.Mutex
	broken error
}

func (r *printRun) work(p printer) {
	defer r.crew.Done()
	for s := range r.sheets {
		if err := p.print(s); err != nil {
			r.mu.Lock()
			r.broken = err
			r.mu.Unlock()
			return
		}
	}
}

func printAll(printers []printer, pages int) error {
	r := &printRun{sheets: make(chan sheet)}
	for _, p := range printers {
		r.crew.Add(1)
		go r.work(p)
	}
	r.feed(pages)
	r.crew.Wait()
	return r.broken
}

// When all printers are out of order, nobody takes the next sheet.
func (r *printRun) feed(pages int) {
	defer close(r.sheets)
	for n := range pages {
		r.sheets <- sheet{n} // want `this send blocks forever once work has returned at line 28: nobody else receives from r\.sheets`
	}
}

// plotRun is one whose printers go on.
type plotRun struct {
	sheets chan sheet
	crew   sync.WaitGroup
	mu     sync.Mutex
	broken error
}

func (r *plotRun) work(p printer) {
	defer r.crew.Done()
	for s := range r.sheets {
		if err := p.print(s); err != nil {
			r.mu.Lock()
			r.broken = err
			r.mu.Unlock()
		}
	}
}

func plotAll(printers []printer, pages int) error {
	r := &plotRun{sheets: make(chan sheet)}
	for _, p := range printers {
		r.crew.Add(1)
		go r.work(p)
	}
	for n := range pages {
		r.sheets <- sheet{n}
	}
	close(r.sheets)
	r.crew.Wait()
	return r.broken
}

// proofRun tells who feeds that a printer is out of order.
type proofRun struct {
	sheets chan sheet
	crew   sync.WaitGroup
	stop   context.CancelCauseFunc
}

func (r *proofRun) work(p printer) {
	defer r.crew.Done()
	for s := range r.sheets {
		if err := p.print(s); err != nil {
			r.stop(err)
			return
		}
	}
}

func proofAll(ctx context.Context, printers []printer, pages int) error {
	ctx, stop := context.WithCancelCause(ctx)
	r := &proofRun{sheets: make(chan sheet), stop: stop}
	for _, p := range printers {
		r.crew.Add(1)
		go r.work(p)
	}
	r.feed(ctx, pages)
	r.crew.Wait()
	return context.Cause(ctx)
}

func (r *proofRun) feed(ctx context.Context, pages int) {
	defer close(r.sheets)
	for n := range pages {
		select {
		case r.sheets <- sheet{n}:
		case <-ctx.Done():
			return
		}
	}
}

// stampRun hands out a new printer for each that is out of order.
type stampRun struct {
	sheets chan sheet
	broken chan struct{}
}

func (r *stampRun) work(p printer) {
	for s := range r.sheets {
		if err := p.print(s); err != nil {
			r.broken <- struct{}{}
			return
		}
	}
}

func stampAll(p printer, printers, pages int) {
	r := &stampRun{sheets: make(chan sheet), broken: make(chan struct{}, printers)}
	for range printers {
		go r.work(p)
	}
	go func() {
		for {
			select {
			case <-r.broken:
				go r.work(p)
			case <-time.After(time.Hour):
				return
			}
		}
	}()
	for n := range pages {
		r.sheets <- sheet{n}
	}
	close(r.sheets)
}

package skips

import "sync"

// Parcels are counted when they come in, and each is done with when it is out.
type office struct {
	parcels chan string
	in      sync.WaitGroup
	clerks  sync.WaitGroup
	mu      sync.Mutex
	gone    map[string]bool
}

func Office(clerks int) *office {
	o := &office{parcels: make(chan string, 8), gone: make(map[string]bool)}
	for range clerks {
		o.clerks.Go(o.clerk)
	}
	return o
}

func (o *office) Bring(to string) {
	o.in.Add(1)
	o.parcels <- to
}

func (o *office) Settle() {
	o.in.Wait() // want `this Wait never returns once a round of the loop around line \d+ goes by without the Done on o.in that others do`
}

func (o *office) Close() {
	close(o.parcels)
	o.clerks.Wait()
}

func (o *office) moved(to string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.gone[to]
}

func (o *office) clerk() {
	for to := range o.parcels {
		if o.moved(to) {
			continue
		}
		carry(to)
		o.in.Done()
	}
}

func carry(string) {}

// Here who has moved takes the own parcels off the count.
type depot struct {
	parcels chan string
	in      sync.WaitGroup
	clerks  sync.WaitGroup
	mu      sync.Mutex
	gone    map[string]bool
	held    map[string]int
}

func Depot() *depot {
	d := &depot{parcels: make(chan string, 8), gone: make(map[string]bool), held: make(map[string]int)}
	d.clerks.Go(d.clerk)
	return d
}

func (d *depot) Bring(to string) {
	d.mu.Lock()
	d.held[to]++
	d.mu.Unlock()
	d.in.Add(1)
	d.parcels <- to
}

func (d *depot) Settle() { d.in.Wait() }

func (d *depot) Move(who string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone[who] = true
	for range d.held[who] {
		d.in.Done()
	}
}

func (d *depot) Close() {
	close(d.parcels)
	d.clerks.Wait()
}

func (d *depot) moved(to string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gone[to]
}

func (d *depot) clerk() {
	for to := range d.parcels {
		if d.moved(to) {
			continue
		}
		carry(to)
		d.in.Done()
	}
}

// Only what is carried is counted.
type porch struct {
	parcels chan string
	in      sync.WaitGroup
	clerks  sync.WaitGroup
}

func Porch() *porch { // want Porch:"starts a goroutine that Close of 0 ends"
	p := &porch{parcels: make(chan string, 8)}
	p.clerks.Go(func() {
		for to := range p.parcels {
			if to == "" {
				continue
			}
			carry(to)
			p.in.Done()
		}
	})
	return p
}

func (p *porch) Bring(to string) {
	if to != "" {
		p.in.Add(1)
	}
	p.parcels <- to
}

func (p *porch) Settle() { p.in.Wait() }
func (p *porch) Close()  { close(p.parcels); p.clerks.Wait() }

package silent

import "sync"

// A Badge is cleared by a function that code out of sight can call.
type Badge struct {
	Name  string
	Door  string
	Title string
}

// Forget is called by those who check badges.
func (b *Badge) Forget() { b.Title = "" }

type door interface{ Open(*Badge) bool }

var badges = sync.Pool{New: func() any { return new(Badge) }}

func Knock(d door, name, at string, titles map[string]string) bool {
	b := badges.Get().(*Badge)
	b.Name, b.Door = name, at
	if t, ok := titles[name]; ok {
		b.Title = t
	}
	ok := d.Open(b)
	b.Name, b.Door = "", ""
	badges.Put(b)
	return ok
}

// A token is cleared by each who takes one, whoever had it before.
type Token struct {
	Key  string
	Note string
}

type vault interface{ Take(*Token) bool }

var tokens = sync.Pool{New: func() any { return new(Token) }}

func Deposit(v vault, key string, notes map[string]string) bool {
	t := tokens.Get().(*Token)
	t.Note = ""
	t.Key = key
	if n, ok := notes[key]; ok {
		t.Note = n
	}
	ok := v.Take(t)
	t.Key = ""
	tokens.Put(t)
	return ok
}

func Withdraw(v vault, key string) bool {
	t := tokens.Get().(*Token)
	*t = Token{Key: key}
	ok := v.Take(t)
	t.Key = ""
	tokens.Put(t)
	return ok
}

// Of one pool, what one function clears is clear for the other.
type mileage struct{ sum, trips int }

var mileages = sync.Pool{New: func() any { return new(mileage) }}

type road interface{ Drive(*mileage) }

func Drive(on road, n int) {
	m := mileages.Get().(*mileage)
	m.sum += n
	on.Drive(m)
	mileages.Put(m)
}

func Refuel() {
	m := mileages.Get().(*mileage)
	m.sum = 0
	mileages.Put(m)
}

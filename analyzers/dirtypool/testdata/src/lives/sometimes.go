package lives

import (
	"errors"
	"sync"
)

// A method that sets a field for some arguments only: for the others there is what the user before had.
type Parcel struct {
	Street  string
	City    string
	Weight  int
	Sender  *Person // read by other packages
	Carrier *Person
	rank    int
	visits  int
}

type Person struct {
	Name    string
	Account string
}

var parcels = sync.Pool{New: func() any { return new(Parcel) }}

func TakeParcel() *Parcel { return parcels.Get().(*Parcel) }

func GiveParcel(p *Parcel) {
	p.Reset()
	parcels.Put(p)
}

func (p *Parcel) Reset() { // want `\(\*Parcel\).Reset leaves fields Sender and rank set: a Parcel from parcels carries them to its next user`
	p.Street, p.City = "", ""
	p.Weight = 0
}

func (p *Parcel) From(sender *Person) {
	if sender.Account != "" {
		p.Sender = sender
		p.rank++
	}
}

func (p *Parcel) Rank() int { return p.rank }

// Whoever calls this sets it.
func (p *Parcel) By(carrier *Person) { p.Carrier = carrier }

// How often an object has been around.
func (p *Parcel) Seen() int {
	p.visits++
	return p.visits
}

// One of two, in any case.
type Crate struct {
	Street string
	City   string
	Weight int
	Owner  *Person
	Label  string
	Depth  int
	Lid    *Person
}

var crates = sync.Pool{New: func() any { return new(Crate) }}

func TakeCrate() *Crate { return crates.Get().(*Crate) }

func GiveCrate(c *Crate) {
	c.Street, c.City = "", ""
	c.Weight = 0
	crates.Put(c)
}

func (c *Crate) For(owner, other *Person) {
	if owner.Account != "" {
		c.Owner = owner
	} else {
		c.Owner = other
	}
}

var errLabel = errors.New("bad label")

// Who is told that it was not set does not go on.
func (c *Crate) Name(label string) error {
	if len(label) > 80 {
		return errLabel
	}
	c.Label = label
	return nil
}

// What is there is kept on purpose.
func (c *Crate) Cover(p *Person) {
	if c.Lid == nil {
		c.Lid = p
	}
}

// The largest of all: a size to make the next one with.
func (c *Crate) Fit(depth int) {
	if depth > c.Depth {
		c.Depth = depth
	}
}

// Cleared by another method that users call.
type Barrel struct {
	Street string
	City   string
	Weight int
	Owner  *Person
}

var barrels = sync.Pool{New: func() any { return new(Barrel) }}

func TakeBarrel() *Barrel { return barrels.Get().(*Barrel) }

func GiveBarrel(b *Barrel) {
	b.Street, b.City = "", ""
	b.Weight = 0
	barrels.Put(b)
}

func (b *Barrel) For(owner *Person) {
	if owner.Account != "" {
		b.Owner = owner
	}
}

func (b *Barrel) Disown() { b.Owner = nil }

// Another field says whether it counts.
type Basket struct {
	Street string
	City   string
	Weight int
	Owner  *Person
	owned  bool
}

var baskets = sync.Pool{New: func() any { return new(Basket) }}

func TakeBasket() *Basket { return baskets.Get().(*Basket) }

func GiveBasket(b *Basket) {
	b.Street, b.City = "", ""
	b.Weight = 0
	baskets.Put(b)
}

func (b *Basket) For(owner *Person) {
	b.owned = owner.Account != ""
	if owner.Account != "" {
		b.Owner = owner
	}
}

func (b *Basket) Owned() bool { return b.owned }

// Nothing of it is reset: that is for the users to do.
type Jar struct {
	Street string
	Owner  *Person
}

var jars = sync.Pool{New: func() any { return new(Jar) }}

func TakeJar() *Jar { return jars.Get().(*Jar) }

func GiveJar(j *Jar) { jars.Put(j) }

func (j *Jar) For(owner *Person) {
	if owner.Account != "" {
		j.Owner = owner
	}
}

// Who packs a trunk begins with a limit in any case.
type Trunk struct {
	Street string
	City   string
	Weight int
	Limit  int
	Tag    string
}

var trunks = sync.Pool{New: func() any { return &Trunk{Limit: 20} }}

func TakeTrunk() *Trunk { return trunks.Get().(*Trunk) }

func GiveTrunk(t *Trunk) {
	t.Street, t.City = "", ""
	t.Weight = 0
	trunks.Put(t)
}

func (t *Trunk) Pack(street, tag string, limit int) {
	t.Street = street
	t.Tag = tag
	t.Limit = 20
	if limit > 0 {
		t.Allow(limit)
	}
}

func (t *Trunk) Allow(limit int) {
	if limit > 0 && limit < 1000 {
		t.Limit = limit
	}
}

func (t *Trunk) Mark(tag string) {
	if tag != "" {
		t.Tag = tag
	}
}

package silent

import (
	"errors"
	"fmt"
	"sync"
)

type parser interface {
	// Kinds puts the kinds of the parts in *kinds, in place of what is there.
	Kinds(data []byte, kinds *[]int) error
}

// A packet is taken apart anew by each user, who reads it only if that succeeds.
type packet struct {
	kinds []int
	mark  int
}

var packets = sync.Pool{New: func() any { return new(packet) }}

func (p *packet) parse(data []byte, parsers map[byte]parser) error {
	if len(data) == 0 {
		return errors.New("empty packet")
	}
	switch data[0] {
	case 1:
		return parsers[1].Kinds(data, &p.kinds)
	case 2:
		return parsers[2].Kinds(data, &p.kinds)
	default:
		return fmt.Errorf("unknown version %d", data[0])
	}
}

func (p *packet) tail(kind int) { p.kinds = append(p.kinds, kind) }

func acceptsPacket(data []byte, parsers map[byte]parser) bool {
	p := packets.Get().(*packet)
	defer packets.Put(p)
	if err := p.parse(data, parsers); err != nil {
		return false
	}
	if len(p.kinds) < 2 {
		p.tail(len(data))
	}
	p.mark = 0
	return p.kinds[1] != 0
}

func firstKind(data []byte, parsers map[byte]parser) int {
	p := packets.Get().(*packet)
	defer packets.Put(p)
	if err := p.parse(data, parsers); err != nil {
		return 0
	}
	if len(p.kinds) == 0 {
		return 0
	}
	return p.kinds[0]
}

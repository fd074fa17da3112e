// Package a holds what is reported, form by form.
package a

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"sort"
)

type item struct {
	id   int
	data [40]byte
	list sort.StringSlice
}

// Pointers that are only read through, for the length of the function.
func deltas(items []item) (n int) {
	var first, prev *item
	for _, it := range items { // want `a new it \(72 bytes\) is allocated on every iteration, because its address is taken; use &items\[i\], if the element may be shared`
		if first == nil {
			first = &it
			prev = first
			continue
		}
		n += it.id - prev.id + first.id
		prev = &it
	}
	return n
}

// An address that is lent to a function that keeps nothing.
func encodeAll(enc *json.Encoder, items []item) {
	for k, it := range items { // want `a new it \(72 bytes\) is allocated .* use &items\[k\]`
		if k > 3 {
			enc.Encode(&it)
		}
	}
}

func sortAll(items []item) {
	for _, it := range items { // want `a new it \(72 bytes\) is allocated .* use &items\[i\]`
		sort.Sort(&it.list)
	}
}

func load() []item { return make([]item, 100) }

// A slice of the function's own: sharing its elements shares nothing.
func collect() (out []*item) {
	items := load()
	for _, it := range items { // want `a new it \(72 bytes\) is allocated .* use &items\[i\]`
		out = append(out, &it)
	}
	return out
}

// One of the places does not wait for anybody.
func collectStored(ctx context.Context, save func(context.Context, *item) error) (out []*item) {
	items := load()
	for _, it := range items { // want `a new it \(72 bytes\) is allocated .* use &items\[i\]`
		if save(ctx, &it) == nil {
			out = append(out, &it)
		}
	}
	return out
}

// The elements of a map have no address; a copy on the way out has.
func pick(items map[string]item, id int) *item {
	var found *item
	for _, it := range items { // want `a new it \(72 bytes\) is allocated .* copy it to a new variable there`
		if it.id == id {
			found = &it
			break
		}
	}
	return found
}

// Buffers.

func copyHeaders(w io.Writer, r io.ReaderAt, offsets []int64) error {
	for _, off := range offsets {
		hdr := make([]byte, 64) // want `hdr \(64 bytes\) is allocated on every iteration, because the compiler must assume that r.ReadAt keeps it; declare it before the loop$`
		if _, err := r.ReadAt(hdr, off); err != nil {
			return err
		}
		name := hdr[:16]
		if name[0] == 0 {
			name = name[1:]
		}
		if _, err := w.Write(name); err != nil {
			return err
		}
	}
	return nil
}

func writeAll(w io.Writer, ids []uint64) {
	for _, id := range ids {
		var b [16]byte // want `b \(16 bytes\) is allocated on every iteration, because the compiler must assume that w.Write keeps it; declare it before the loop, and clear it where its zeros matter`
		binary.BigEndian.PutUint64(b[:], id)
		w.Write(b[:])
	}
}

func blocks(r io.Reader, n int) (sum int) {
	for {
		block := make([]byte, n) // want `block is allocated on every iteration, .* declare it before the loop`
		if _, err := io.ReadFull(r, block); err != nil {
			return sum
		}
		for _, c := range block {
			sum += int(c)
		}
	}
}

// A scratch buffer of a reader that belongs to the receiver.
type decoder struct{ r io.Reader }

func (d *decoder) uint32() (uint32, error) {
	var b [4]byte // want `b \(4 bytes\) is allocated on every call, because the compiler must assume that io.ReadFull keeps it; keep it in a field of decoder`
	if _, err := io.ReadFull(d.r, b[:]); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

func (d *decoder) all() (list []uint32) {
	for {
		x, err := d.uint32()
		if err != nil {
			return list
		}
		list = append(list, x)
	}
}

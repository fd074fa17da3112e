package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Structs of the abstract machine. A struct variable is a row of cells, one for each
// field; of fields that are structs themselves, the cell holds where they begin.
type (
	structure struct{ base, n int } // address of a struct
	record    []value               // a struct as a value
	part      struct{ addr value }  // in a cell: the field is a struct, which is there
	gone      struct{}              // of a variable that unknown code may read and write
)

// variable makes a zero variable and returns its address.
func (p *path) variable(site ssa.Instruction, t types.Type) value {
	if isSync(t) {
		return &Object{Site: site}
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return p.vars.extend(1)
	}
	s := structure{int(p.vars.extend(st.NumFields())), st.NumFields()}
	for i := range s.n {
		if t := st.Field(i).Type(); isStruct(t) {
			in := part{p.variable(site, t)}
			p.vars.set(cell(s.base+i), in)
		}
	}
	return s
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// field returns the address of a field.
func (p *path) field(addr value, i int) value {
	s, ok := addr.(structure)
	if !ok || i >= s.n {
		return nil
	}
	if in, ok := p.vars.at(cell(s.base + i)).(part); ok {
		return in.addr
	}
	return cell(s.base + i)
}

// load returns what a variable holds.
func (p *path) load(addr value) value {
	switch a := addr.(type) {
	case cell:
		switch x := p.vars.at(a).(type) {
		case part: // only ever loaded through its own address
		case gone:
		default:
			return x
		}
	case structure:
		r := make(record, a.n)
		for i := range r {
			r[i] = p.load(p.field(a, i)) // a copy of a wait group is another one
		}
		return r
	}
	return nil
}

// put stores into a field, or a whole struct.
func (e *explorer) put(p *path, addr, x value) {
	switch a := addr.(type) {
	case cell:
		switch x.(type) {
		case number, truth, text, nilValue:
			x = nil // may change in ways that are not followed
		}
		if _, lost := p.vars.at(a).(gone); lost || p.shared[a] {
			e.escape(p, a)
			e.escape(p, x)
			return
		}
		p.vars.set(a, x)
	case structure:
		r, _ := x.(record)
		for i := range a.n {
			var f value
			if i < len(r) {
				f = r[i]
			}
			e.put(p, p.field(a, i), f)
		}
	case *Object:
	default:
		e.escape(p, x)
	}
}

// share notes that another goroutine may see the variables that a value leads to.
func (p *path) share(v value) {
	switch v := v.(type) {
	case part:
		p.share(v.addr)
	case *closure:
		for _, b := range v.binds {
			p.share(b)
		}
	case cell:
		if !p.shared[v] {
			p.shared[v] = true
			p.share(p.vars.at(v))
		}
	case structure:
		for i := range v.n {
			p.share(cell(v.base + i))
		}
	case record:
		p.share(tuple(v))
	case tuple:
		for _, x := range v {
			p.share(x)
		}
	}
}

// hasChan reports whether a type is a channel or a struct with one among its fields.
func hasChan(t types.Type) bool {
	switch u := lint.Deref(t).Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Struct:
		return slices.ContainsFunc(slices.Collect(u.Fields()), func(f *types.Var) bool {
			_, ok := f.Type().Underlying().(*types.Chan)
			return ok
		})
	}
	return false
}

func (e *explorer) store(p *path, st *ssa.Store) {
	x, addr := p.eval(st.Val), p.eval(st.Addr)
	c, plain := addr.(cell)
	if _, isField := st.Addr.(*ssa.FieldAddr); !plain || isField {
		e.put(p, addr, x)
		return
	}
	if _, lost := p.vars.at(c).(gone); lost || p.shared[c] || e.shared(st.Addr) {
		e.escape(p, x)
		return
	}
	if _, ok := x.(number); ok {
		x = nil
	}
	p.vars.set(c, x)
}

// shared reports whether an address is of a variable that has several values
// that other goroutines may see change.
func (e *explorer) shared(addr ssa.Value) bool {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b := lazyssa.Binding(fv)
		if b == nil {
			return true
		}
		addr = b
	}
	a, ok := addr.(*ssa.Alloc)
	if !ok {
		return true
	}
	captured := false
	for _, ref := range *a.Referrers() {
		switch ref.(type) {
		case *ssa.Store, *ssa.UnOp:
		default:
			captured = true
		}
	}
	return captured && len(stores(a)) > 1 && replaced(a) == nil
}

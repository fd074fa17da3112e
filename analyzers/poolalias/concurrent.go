package poolalias

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// starts executes a go statement.
func (x *explorer) starts(fr *frame, st *state, in *ssa.Go, c *ssa.CallCommon) bool {
	refs := x.captured(fr, st, c.Value)
	if x.knowsHow(fr, st, c.Value) || slices.ContainsFunc(c.Args, func(arg ssa.Value) bool { return x.knowsHow(fr, st, arg) }) {
		return false
	}
	for _, arg := range c.Args {
		refs = append(refs, x.reach(fr, st, arg)...)
	}
	if len(refs) == 0 {
		return true
	}
	if fn, _, _ := x.callee(fr, st, c); fn != nil && x.gives(fn) {
		return false // it may be the goroutine that puts it back
	}
	// A function that is not seen may put it back as well, but then nobody else may.
	if st.returned(refs[0].path) {
		x.used(fr, st, in, refs[0])
		return true
	}
	st.share(x.event(fr, in, refs[0]))
	return true
}

// captured returns what a function literal captures of the object.
func (x *explorer) captured(fr *frame, st *state, v ssa.Value) []ref {
	k, ok := st.consts[x.key(fr, v)]
	if !ok || k[0] != '&' {
		return nil
	}
	lit := x.lits[k[1:]]
	var refs []ref
	for i, b := range lit.binds {
		if i < len(lit.fn.FreeVars) && len(*lit.fn.FreeVars[i].Referrers()) == 0 {
			continue
		}
		refs = append(refs, st.within(b.key)...)
		if path, ok := inObject(b.mem); ok {
			refs = append(refs, ref{path: path})
		} else {
			refs = append(refs, st.within(b.mem)...)
		}
	}
	return refs
}

// carried returns the memory of the object that a function literal has in a variable which it reads,
// unless the literal puts something back.
func (x *explorer) carried(fr *frame, st *state, v ssa.Value) (refs []ref) {
	k, ok := st.consts[x.key(fr, v)]
	if !ok || k[0] != '&' {
		return nil
	}
	lit := x.lits[k[1:]]
	if x.gives(lit.fn) {
		return nil
	}
	for i, b := range lit.binds {
		if r, ok := st.held[b.mem]; ok && i < len(lit.fn.FreeVars) && slices.ContainsFunc(*lit.fn.FreeVars[i].Referrers(), func(ref ssa.Instruction) bool {
			load, ok := ref.(*ssa.UnOp)
			return ok && load.Op == token.MUL
		}) {
			refs = append(refs, r)
		}
	}
	return refs
}

// handsOut reports whether a call gives unknown code a function that puts the
// object back: then nothing is known of when that happens.
func (x *explorer) handsOut(fr *frame, st *state, c *ssa.CallCommon) bool {
	return slices.ContainsFunc(c.Args, func(arg ssa.Value) bool {
		if x.knowsHow(fr, st, arg) {
			return true
		}
		k, ok := st.consts[x.key(fr, arg)]
		return ok && k[0] == '&' && len(x.captured(fr, st, arg)) > 0 && x.gives(x.lits[k[1:]].fn)
	})
}

// knowsHow reports whether a function puts the object back, or captures one that does.
func (x *explorer) knowsHow(fr *frame, st *state, v ssa.Value) bool {
	k := st.consts[x.key(fr, v)]
	if k == "" || k[0] != '&' {
		return k == putsBack
	}
	return slices.ContainsFunc(x.lits[k[1:]].binds, func(b name) bool {
		return st.consts[b.key] == putsBack || st.consts[b.mem] == putsBack
	})
}

// waits notes that a call may wait for goroutines to be done with the object.
func (x *explorer) waits(fr *frame, st *state, fn *ssa.Function, c *ssa.CallCommon, obj *types.Func) {
	switch {
	case obj != nil && strings.HasPrefix(obj.Name(), "Wait"), fn != nil && x.joins(fn):
		st.shared = nil
	case obj == nil && fn == nil:
		st.shared = nil // anything
	}
}

func (x *explorer) sends(fr *frame, st *state, in ssa.Instruction, val ssa.Value) {
	if refs := x.reach(fr, st, val); len(refs) > 0 {
		e := x.event(fr, in, refs[0])
		if st.returned(refs[0].path) {
			x.escapes(e, st.put)
			return
		}
		st.share(e)
	}
}

// selected notes that the case of a select with which a condition is about was chosen.
func (x *explorer) selected(fr *frame, st *state, cond ssa.Value) {
	op, ok := cond.(*ssa.BinOp)
	if !ok || op.Op != token.EQL {
		return
	}
	ext, ok := op.X.(*ssa.Extract)
	if !ok || ext.Index != 0 {
		return
	}
	sel, ok := ext.Tuple.(*ssa.Select)
	if !ok {
		return
	}
	c, ok := op.Y.(*ssa.Const)
	if !ok {
		return
	}
	if i := int(c.Int64()); i >= 0 && i < len(sel.States) {
		if s := sel.States[i]; s.Dir == types.RecvOnly {
			x.receives(st, s.Chan)
		} else {
			x.sends(fr, st, sel, s.Send)
		}
	}
}

// receives notes that something came from a channel: whoever works on the object
// may be done with it, unless the channel only tells the time.
func (x *explorer) receives(st *state, ch ssa.Value) {
	if !clock(ch) {
		st.shared = nil
	}
}

// clock reports whether a channel tells of time or cancellation, not of work done.
func clock(ch ssa.Value) bool { return isClock(ch, make(map[ssa.Value]bool)) }

func isClock(ch ssa.Value, seen map[ssa.Value]bool) bool {
	switch ch := ch.(type) {
	case *ssa.ChangeType:
		return isClock(ch.X, seen)
	case *ssa.Phi:
		if seen[ch] {
			return true // as it was the round before
		}
		seen[ch] = true
		return !slices.ContainsFunc(ch.Edges, func(e ssa.Value) bool { _, isConst := e.(*ssa.Const); return !isConst && !isClock(e, seen) })
	case *ssa.UnOp:
		if fa, ok := ch.X.(*ssa.FieldAddr); ok {
			return lint.IsNamed(lint.Deref(fa.X.Type()), "time", "Timer", "Ticker")
		}
	case *ssa.Call:
		if m := ch.Call.Method; m != nil {
			return lint.IsMethod(m, "context", "Context", "Done")
		}
		if fn := ch.Call.StaticCallee(); fn != nil {
			return lint.IsFunc(fn.Object(), "time", "After", "Tick")
		}
	}
	return false
}

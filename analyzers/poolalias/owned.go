package poolalias

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// owned reports whether what the variable loc of the object holds, of type t,
// belongs to the object: the next user of it will write there.
func (x *explorer) owned(loc string, t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer:
	default:
		return false
	}
	if strings.HasSuffix(loc, "[]") {
		return false
	}
	if strings.HasSuffix(loc, "*") {
		_, isSlice := t.Underlying().(*types.Slice)
		return isSlice
	}
	f := x.fields[loc]
	if f == nil {
		return false
	}
	return x.reused()[f] || f.Pkg() != x.pass.Pkg && x.pass.ImportObjectFact(f, new(Reused)) || f.Name() == "B" && f.Pkg() != nil && f.Pkg().Path() == bytebuf
}

// reused returns the fields whose memory the package uses again and again: it
// cuts them to length 0, clears or overwrites them, or fills them once for all
// when the object is made.
func (c *checker) reused() map[*types.Var]bool {
	if c.reuse != nil {
		return c.reuse
	}
	c.reuse = make(map[*types.Var]bool)
	made, other := make(map[*types.Var]bool), make(map[*types.Var]bool)
	funcs := c.prog.Funcs
	if init := c.prog.Pkg.Func("init"); init != nil {
		funcs = append(slices.Clip(funcs), init)
	}
	for _, fn := range funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				c.surveyReuse(instr, made, other)
			}
		}
	}
	for f := range made {
		if !other[f] {
			c.reuse[f] = true
		}
	}
	return c.reuse
}

func (c *checker) surveyReuse(instr ssa.Instruction, made, other map[*types.Var]bool) {
	switch in := instr.(type) {
	case *ssa.Slice:
		if k, ok := in.High.(*ssa.Const); ok && in.High != nil && k.Value != nil && k.Int64() == 0 {
			c.reuses(in.X)
		}
	case *ssa.Store:
		if ia, ok := in.Addr.(*ssa.IndexAddr); ok && lint.IsBytes(ia.X.Type()) {
			c.reuses(ia.X)
		}
		fa, ok := in.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		f := lazyssa.Field(fa).Origin()
		_, intoNew := fa.X.(*ssa.Alloc)
		switch {
		case intoNew && isMade(in.Val):
			made[f] = true
		case f == loadedField(in.Val):
		default:
			other[f] = true
		}
	case ssa.CallInstruction:
		common := in.Common()
		if b, ok := common.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "clear", "copy", "delete":
				c.reuses(common.Args[0])
			}
			return
		}
		fn := common.StaticCallee()
		switch {
		case fn != nil && fn.Signature.Recv() != nil && len(common.Args) == 1 && fn.Name() == "Reset":
			c.reuses(common.Args[0])
		case fn != nil && lint.IsFunc(fn.Object(), "io", "ReadFull", "ReadAtLeast"):
			c.reuses(common.Args[1])
		case common.IsInvoke() && common.Method.Name() == "Read", fn != nil && fn.Signature.Recv() != nil && strings.HasPrefix(fn.Name(), "Read"):
			for _, arg := range common.Args {
				if lint.IsBytes(arg.Type()) {
					c.reuses(arg)
				}
			}
		}
	}
}

// reuses notes that the memory of the field that v was loaded from is written again.
func (c *checker) reuses(v ssa.Value) {
	if f := loadedField(v); f != nil {
		c.reuse[f] = true
	}
}

// loadedField returns the field that v, or what it is cut from, was loaded from.
func loadedField(v ssa.Value) *types.Var {
	for range 8 {
		switch u := v.(type) {
		case *ssa.Slice:
			v = u.X
		case *ssa.UnOp:
			if fa, ok := u.X.(*ssa.FieldAddr); ok {
				return lazyssa.Field(fa).Origin()
			}
			return nil
		case *ssa.Call:
			b, ok := u.Call.Value.(*ssa.Builtin)
			if !ok || b.Name() != "append" {
				return nil
			}
			v = u.Call.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// isMade reports whether v is memory that was just allocated.
func isMade(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice:
		return true
	case *ssa.Slice:
		_, ok := v.X.(*ssa.Alloc)
		return ok
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		return fn != nil && lint.IsFunc(fn.Object(), "bytes", "NewBuffer")
	}
	return false
}

// read reports whether somebody may read the variable loc after the function that
// stored in it has returned.
func (x *explorer) read(loc string, ev *event) bool {
	f := x.fields[strings.TrimSuffix(loc, "[]")]
	if f == nil {
		return true
	}
	if f.Pkg() != x.pass.Pkg {
		return true
	}
	if f.Exported() {
		return true
	}
	return x.readElsewhere(f) || !x.looked(f) || lint.IsNamed(f.Type(), "sync", "Map") && x.looksUp(f)
}

// looksUp reports whether the package looks for what is in a map that it never takes
// anything out of.
func (c *checker) looksUp(f *types.Var) (found bool) {
	for _, fn := range c.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || len(call.Common().Args) == 0 || call.Common().StaticCallee() == nil {
					continue
				}
				if fa, ok := call.Common().Args[0].(*ssa.FieldAddr); !ok || lazyssa.Field(fa).Origin() != f {
					continue
				}
				switch call.Common().StaticCallee().Name() {
				case "Load", "LoadOrStore", "Range":
					found = true
				case "Delete", "LoadAndDelete", "CompareAndDelete", "Clear":
					return false
				}
			}
		}
	}
	return found
}

// looked reports whether anything in the package reads a field: one that nothing does yet is there
// to be read.
func (c *checker) looked(f *types.Var) bool {
	for _, fn := range c.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Field:
					if instr.X.Type().Underlying().(*types.Struct).Field(instr.Field).Origin() == f {
						return true
					}
				case *ssa.FieldAddr:
					if lazyssa.Field(instr).Origin() == f && slices.ContainsFunc(*instr.Referrers(), func(ref ssa.Instruction) bool {
						st, ok := ref.(*ssa.Store)
						return !ok || st.Addr != instr
					}) {
						return true
					}
				}
			}
		}
	}
	return false
}

// readElsewhere reports whether a function loads the field that is neither the
// function at hand nor called by it.
func (x *explorer) readElsewhere(f *types.Var) bool {
	called := make(map[*ssa.Function]bool)
	x.calls(x.fn, called)
	for _, fn := range x.prog.Funcs {
		outer := fn
		for outer.Parent() != nil {
			outer = outer.Parent()
		}
		if called[outer] || called[fn] {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if load, ok := instr.(*ssa.UnOp); ok {
					if fa, ok := load.X.(*ssa.FieldAddr); ok && lazyssa.Field(fa).Origin() == f {
						return true
					}
				}
			}
		}
	}
	return false
}

// calls collects the functions of the package that fn calls, itself included.
func (c *checker) calls(fn *ssa.Function, seen map[*ssa.Function]bool) {
	if seen[fn] {
		return
	}
	seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil {
					if local := c.body(callee); local != nil {
						c.calls(local, seen)
					}
				}
			}
		}
	}
}

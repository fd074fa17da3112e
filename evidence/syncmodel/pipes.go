package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An OpenPipe is an io.Pipe to which a goroutine writes and of which nobody closes the reader: who reads
// from it may stop before the end, and then the goroutine waits in its next write.
type OpenPipe struct {
	Go   ssa.Instruction // starts the goroutine
	Read ssa.CallInstruction
}

// OpenPipes returns those of the package.
func (m *Model) OpenPipes() (found []*OpenPipe) {
	if !lint.Imports(m.pass.Pkg, "io") {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fn := range m.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !lint.IsFunc(lazyssa.Callee(call), "io", "Pipe") {
					continue
				}
				r, w := lazyssa.Result(call, 0), lazyssa.Result(call, 1)
				start := m.writerIn(fn, w)
				if p := (&pipeReader{m: m, seen: make(map[ssa.Value]bool)}); start != nil && r != nil && p.follow(r) && p.read != nil {
					found = append(found, &OpenPipe{start, p.read})
				}
			}
		}
	}
	return found
}

// writerIn returns the instruction of a function that starts a goroutine which writes to a pipe; nil if
// there is none.
func (m *Model) writerIn(fn *ssa.Function, w ssa.Value) ssa.Instruction {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			act := m.startedBy(call, &activation{fn: fn})
			if act != nil && slices.ContainsFunc(act.fn.Blocks, func(b *ssa.BasicBlock) bool {
				return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return m.writesTo(instr, w, act) })
			}) {
				return instr
			}
		}
	}
	return nil
}

// writesTo reports whether an instruction of a goroutine writes to a pipe, or gives it away as a writer.
func (m *Model) writesTo(instr ssa.Instruction, w ssa.Value, act *activation) bool {
	var given ssa.Value
	switch v := instr.(type) {
	case *ssa.MakeInterface:
		given = v.X
	case *ssa.Call:
		if lint.IsMethod(lazyssa.Callee(v), "io", "PipeWriter", "Write") {
			given = v.Call.Args[0]
		}
	}
	if given == nil {
		return false
	}
	v, _ := m.trace(given, act)
	return v == w
}

// pipeReader follows the reading end of a pipe.
type pipeReader struct {
	m    *Model
	seen map[ssa.Value]bool
	read ssa.CallInstruction // that may stop before the end
}

// follow reports whether nothing is done with the reader but to read from it.
func (p *pipeReader) follow(v ssa.Value) bool {
	if p.seen[v] {
		return true
	}
	p.seen[v] = true
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool { return !p.onlyRead(ref, v) })
}

func (p *pipeReader) onlyRead(ref ssa.Instruction, v ssa.Value) bool {
	switch ref := ref.(type) {
	case *ssa.DebugRef:
		return true
	case *ssa.MakeInterface:
		return lint.IsNamed(ref.Type(), "io", "Reader") && p.follow(ref)
	case *ssa.UnOp:
		return p.follow(ref)
	case *ssa.Store:
		a, local := ref.Addr.(*ssa.Alloc)
		return ref.Addr == v || local && len(stores(a)) == 1 && p.follow(a)
	case *ssa.MakeClosure:
		for i, b := range ref.Bindings {
			if b == v && !p.follow(ref.Fn.(*ssa.Function).FreeVars[i]) {
				return false
			}
		}
		return true
	case *ssa.Return:
		return p.returned(ref, slices.Index(ref.Results, v))
	case *ssa.Call:
		return p.passed(ref, v)
	}
	return false
}

// returned follows the reader to the callers of a function that no other package calls.
func (p *pipeReader) returned(ret *ssa.Return, i int) bool {
	fn := ret.Parent()
	if p.m.taken[fn] || p.m.named(fn.Object()) || fn.Parent() != nil {
		return false
	}
	return !slices.ContainsFunc(p.m.sites[fn], func(site ssa.CallInstruction) bool {
		call, ok := site.(*ssa.Call)
		if !ok {
			return true
		}
		res := lazyssa.Result(call, i)
		return res != nil && !p.follow(res)
	})
}

// passed follows the reader into a call.
func (p *pipeReader) passed(call *ssa.Call, v ssa.Value) bool {
	c, callee := call.Common(), lazyssa.Callee(call)
	switch {
	case c.IsInvoke():
		res := c.Signature().Results()
		if c.Value == v || c.Method.Pkg() != p.m.pass.Pkg || res.Len() == 0 || !lint.IsError(res.At(res.Len()-1).Type()) {
			return false
		}
		p.read = call // an interface of its own says that it reads
	case lint.IsFunc(callee, "io", "Copy", "CopyBuffer") && c.Args[1] == v && mayFail(c.Args[0]):
		p.read = call
		return true
	case lint.IsMethod(callee, "io", "PipeReader", "Read"):
		return true
	case c.StaticCallee() == nil || !p.m.inside(c.StaticCallee()):
		return false
	}
	for _, fn := range p.m.targets(call) {
		params := fn.Params
		if c.IsInvoke() {
			params = params[1:]
		}
		for i, a := range c.Args {
			if a == v && !p.follow(params[i]) {
				return false
			}
		}
	}
	return true
}

// mayFail reports whether a write may fail, as one to a connection or a file.
func mayFail(w ssa.Value) bool {
	switch v := w.(type) {
	case *ssa.MakeInterface:
		return mayFail(v.X)
	case *ssa.ChangeInterface:
		return mayFail(v.X)
	}
	t := lint.Deref(w.Type())
	return lint.IsNamed(t, "net/http", "ResponseWriter") || lint.IsNamed(t, "net", "Conn", "TCPConn") || lint.IsNamed(t, "os", "File")
}

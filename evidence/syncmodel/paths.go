package syncmodel

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// The limits of an exploration. A function that meets one has no scenarios.
const (
	maxSteps  = 40_000 // blocks run, over all paths of a root and of what it starts
	maxTraces = 96     // different sequences of events of one goroutine
	maxEvents = 48     // events of one path
	maxDepth  = 8      // frames of one goroutine
	maxTrips  = 16     // iterations of a loop with a constant bound
	manyTrips = 2      // iterations of a loop whose bound is only known by name: more than one
	openTrips = 3      // iterations of a loop without a bound, before the path is cut off
)

// An Object is a channel or wait group that one path makes.
type Object struct {
	Site ssa.Instruction // the make call, or the variable of a wait group
	Cap  int
	sym  string // the name of the number that Cap depends on
}

// EventKind is what a goroutine does to objects.
type EventKind int

// The events of a path.
const (
	EvSend EventKind = iota
	EvRecv
	EvClose
	EvAdd
	EvWait
	EvSpawn
	EvSelect
	EvHang    // an operation that never returns
	EvBarrier // waits for something that is not modelled
)

// Outcome restricts what a receive must bring for a path to go on as it does.
type Outcome int

// The outcomes of a receive.
const (
	AnyOutcome Outcome = iota
	GotValue
	GotClosed
)

// An Event is one step of a path that other goroutines can see.
type Event struct {
	Kind   EventKind
	Obj    *Object
	Instr  ssa.Instruction
	Pos    token.Pos
	Want   Outcome
	N      int      // of an Add
	Cases  []*Event // of a select: the cases on known objects
	Chosen *Event   // of a select: the case the path takes; nil if it is on something else, or default
	Other  bool     // of a select: it has a default, or a case that may always fire
	Child  *Goroutine
	Loops  []*loop
}

// A Goroutine is one activation: the root call or a started function.
type Goroutine struct {
	Spawn  ssa.Instruction // nil for the root
	Fn     *ssa.Function
	Traces []*Trace
}

// A Trace is one way in which a goroutine may run.
type Trace struct {
	Events  []*Event
	Cut     bool // exploration ended here, the goroutine may go on
	End     token.Pos
	decided map[string]bool
	guessed map[*loop]bool // loops without a bound that it left on a condition
	dataDep bool           // it branched on a received value
}

// values of the abstract machine; nil is unknown.
type (
	value   any
	closure struct {
		fn    *ssa.Function
		binds []value
	}
	cell   int     // address of a variable
	tuple  []value // results of a call, or of a select
	number int
	truth  bool
	text   string
)

type deferred struct {
	call ssa.CallInstruction
	fn   value
	args []value
}

type frame struct {
	fn     *ssa.Function
	block  *ssa.BasicBlock
	prev   *ssa.BasicBlock
	idx    int
	env    map[ssa.Value]value
	defers []deferred
	trips  map[*loop]int
	call   ssa.Value // in the caller, that the results are for
	done   *Object   // wait group told when the frame returns
}

type path struct {
	m       *Model
	frames  []*frame
	cells   []value
	trace   []*Event
	decided map[string]bool
	guessed map[*loop]bool
	dataDep bool
	events  map[string]*Event
	loops   []*loop // around the go statement that started the goroutine
}

func (p *path) clone() *path {
	q := *p
	q.frames = make([]*frame, len(p.frames))
	for i, f := range p.frames {
		g := *f
		g.env = maps.Clone(f.env)
		g.trips = maps.Clone(f.trips)
		g.defers = slices.Clone(f.defers)
		q.frames[i] = &g
	}
	q.cells = slices.Clone(p.cells)
	q.trace = slices.Clone(p.trace)
	q.decided = maps.Clone(p.decided)
	q.guessed = maps.Clone(p.guessed)
	return &q
}

func (p *path) top() *frame { return p.frames[len(p.frames)-1] }

// explorer enumerates the paths of one root function and of what it starts.
type explorer struct {
	m        *Model
	steps    int
	escaped  map[ssa.Instruction]bool // objects that others may touch, by site
	sized    map[ssa.Instruction]bool // channels whose len or cap is asked
	events   map[string]*Event
	children map[string]*Goroutine // by call and arguments
	failed   bool
}

func newExplorer(m *Model) *explorer {
	return &explorer{m: m, escaped: make(map[ssa.Instruction]bool), sized: make(map[ssa.Instruction]bool),
		events: make(map[string]*Event), children: make(map[string]*Goroutine)}
}

// goroutine runs all paths of fn.
func (e *explorer) goroutine(spawn ssa.Instruction, fn *closure, args []value, from *path, done *Object, depth int) *Goroutine {
	g := &Goroutine{Spawn: spawn, Fn: fn.fn}
	p := &path{m: e.m, events: e.events, decided: map[string]bool{}, guessed: map[*loop]bool{}}
	if from != nil {
		p.cells = slices.Clone(from.cells)
		p.decided = maps.Clone(from.decided)
		p.loops = from.around()
	}
	fr := newFrame(fn, args)
	fr.done = done
	p.frames = []*frame{fr}
	seen := make(map[string]bool)
	work := []*path{p}
	for len(work) > 0 && !e.failed {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if e.steps++; e.steps > maxSteps {
			e.failed = true
			break
		}
		next, end := e.block(p, depth)
		if end != nil {
			if g.add(end); len(g.Traces) > maxTraces {
				e.failed = true
			}
		}
		for i := len(next) - 1; i >= 0; i-- {
			q := next[i]
			if len(q.trace) > maxEvents || len(q.frames) > maxDepth {
				e.failed = true
				break
			}
			if key := q.key(); !seen[key] {
				seen[key] = true
				work = append(work, q)
			}
		}
	}
	return g
}

func newFrame(fn *closure, args []value) *frame {
	fr := &frame{fn: fn.fn, block: fn.fn.Blocks[0], env: make(map[ssa.Value]value), trips: make(map[*loop]int)}
	for i, p := range fn.fn.Params {
		if i < len(args) && args[i] != nil {
			fr.env[p] = args[i]
		}
	}
	for i, v := range fn.fn.FreeVars {
		if i < len(fn.binds) && fn.binds[i] != nil {
			fr.env[v] = fn.binds[i]
		}
	}
	return fr
}

// around returns the loops around the point that a path has reached.
func (p *path) around() []*loop {
	ls := slices.Clone(p.loops)
	for _, f := range p.frames {
		for l := p.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			ls = append(ls, l)
		}
	}
	return ls
}

// key identifies what of a path decides how it goes on.
func (p *path) key() string {
	var b strings.Builder
	for _, f := range p.frames {
		fmt.Fprintf(&b, "%p.%d.%d(", f.fn, f.block.Index, f.idx)
		if f.idx == 0 && f.prev != nil { // the values that its phis are about to get
			i := slices.Index(f.block.Preds, f.prev)
			for _, instr := range f.block.Instrs {
				phi, ok := instr.(*ssa.Phi)
				if !ok {
					break
				}
				fmt.Fprintf(&b, "%v,", p.describe(f.eval(phi.Edges[i]), 2))
			}
		}
		for l := p.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			fmt.Fprintf(&b, "%d ", f.trips[l])
		}
		for _, name := range constants(f) {
			b.WriteString(name)
		}
		fmt.Fprintf(&b, "%d)", len(f.defers))
	}
	for _, ev := range p.trace {
		fmt.Fprintf(&b, "%p ", ev)
	}
	for _, k := range slices.Sorted(maps.Keys(p.decided)) {
		fmt.Fprintf(&b, "%s=%t ", k, p.decided[k])
	}
	fmt.Fprintf(&b, "%t %d", p.dataDep, len(p.guessed))
	return b.String()
}

// constants lists the phis of a frame that are known to be constant, in order.
func constants(f *frame) (names []string) {
	for v, x := range f.env {
		if _, ok := v.(*ssa.Phi); ok {
			if constantValue(x) {
				names = append(names, fmt.Sprintf("%s=%v ", v.Name(), x))
			}
		}
	}
	slices.Sort(names)
	return names
}

func (g *Goroutine) add(t *Trace) {
	for _, u := range g.Traces {
		if u.Cut == t.Cut && slices.Equal(u.Events, t.Events) && maps.Equal(u.decided, t.decided) &&
			maps.Equal(u.guessed, t.guessed) && u.dataDep == t.dataDep {
			return
		}
	}
	g.Traces = append(g.Traces, t)
}

func (p *path) end(pos token.Pos, cut bool) *Trace {
	return &Trace{Events: p.trace, Cut: cut, End: pos, decided: p.decided, guessed: p.guessed, dataDep: p.dataDep}
}

func (p *path) emit(ev *Event) {
	if ev.Instr != nil && !ev.Pos.IsValid() {
		ev.Pos = ev.Instr.Pos()
	}
	ev.Loops = p.around()
	key := ev.key()
	for _, l := range ev.Loops {
		key += fmt.Sprintf(" %p", l)
	}
	if old := p.events[key]; old != nil {
		ev = old // equal events are identical
	}
	p.events[key] = ev
	p.trace = append(p.trace, ev)
}

func (ev *Event) key() string {
	key := fmt.Sprintf("%d %p %p %d %d %d %p", ev.Kind, ev.Obj, ev.Instr, ev.Pos, ev.Want, ev.N, ev.Child)
	for _, c := range ev.Cases {
		key += " " + c.key()
	}
	if ev.Chosen != nil {
		key += " = " + ev.Chosen.key()
	}
	return key
}

// block runs instructions until the path forks, ends or enters a new block.
func (e *explorer) block(p *path, depth int) (next []*path, end *Trace) {
	for {
		f := p.top()
		if f.idx == 0 {
			e.phis(f)
		}
		instr := f.block.Instrs[f.idx]
		f.idx++
		switch v := instr.(type) {
		case *ssa.Phi:
		case *ssa.If:
			return e.branch(p, v)
		case *ssa.Jump:
			return e.enter(p, f.block.Succs[0])
		case *ssa.Panic:
			return nil, p.end(v.Pos(), true) // it crashes or leaves by other means: no claim about what follows
		case *ssa.Return:
			res := make(tuple, len(v.Results))
			for i, r := range v.Results {
				res[i] = p.eval(r)
			}
			if f.done != nil {
				p.emit(&Event{Kind: EvAdd, Obj: f.done, N: -1, Instr: v})
			}
			if len(p.frames) == 1 {
				for _, r := range res {
					e.escape(p, r)
				}
				return nil, p.end(v.Pos(), false)
			}
			p.frames = p.frames[:len(p.frames)-1]
			if f.call != nil {
				if len(res) == 1 {
					p.top().set(f.call, res[0])
				} else {
					p.top().set(f.call, res)
				}
			}
			return []*path{p}, nil
		case *ssa.RunDefers:
			if n := len(f.defers); n > 0 {
				d := f.defers[n-1]
				f.defers = f.defers[:n-1]
				f.idx-- // until none is left
				if forked := e.invoke(p, d.call, d.fn, d.args, depth, false); forked != nil {
					return forked, nil
				}
				return []*path{p}, nil
			}
		case *ssa.Select:
			return e.selects(p, v), nil
		default:
			if forked := e.step(p, instr, depth); forked != nil {
				return forked, nil
			}
			if e.failed {
				return nil, nil
			}
			if p.top() != f {
				return []*path{p}, nil // a call was entered
			}
			if len(p.trace) > 0 && p.trace[len(p.trace)-1].Kind == EvHang {
				return nil, p.end(instr.Pos(), false)
			}
		}
	}
}

func (f *frame) set(v ssa.Value, x value) {
	if v == nil {
		return
	}
	if t, ok := x.(tuple); ok && !slices.ContainsFunc(t, func(v value) bool { return v != nil }) {
		x = nil
	}
	if x == nil {
		delete(f.env, v)
	} else {
		f.env[v] = x
	}
}

func (e *explorer) phis(f *frame) {
	if f.prev == nil {
		return
	}
	i := slices.Index(f.block.Preds, f.prev)
	vals := make(map[*ssa.Phi]value)
	for _, instr := range f.block.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		vals[phi] = f.eval(phi.Edges[i])
		if _, ok := vals[phi].(number); ok {
			vals[phi] = nil // counters are the business of loops
		}
	}
	for phi, v := range vals {
		f.set(phi, v)
	}
}

func (p *path) eval(v ssa.Value) value { return p.top().eval(v) }

func (f *frame) eval(v ssa.Value) value {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return nilValue{}
		}
		switch v.Value.Kind() {
		case constant.Bool:
			return truth(constant.BoolVal(v.Value))
		case constant.Int:
			if n, ok := constant.Int64Val(v.Value); ok {
				return number(n)
			}
		case constant.String:
			return text(constant.StringVal(v.Value))
		}
		return nil
	case *ssa.Function:
		if origin(v).Blocks != nil {
			return &closure{fn: origin(v)}
		}
		return nil
	}
	return f.env[v]
}

// nilValue is the nil of any type.
type nilValue struct{}

// enter moves a path to a block, minding the bounds of loops.
func (e *explorer) enter(p *path, b *ssa.BasicBlock) ([]*path, *Trace) {
	f := p.top()
	from := f.block
	f.prev, f.block, f.idx = from, b, 0
	loops := e.m.loopsOf(f.fn)
	for l := loops[from]; l != nil; l = l.outer {
		if !l.body[b] {
			delete(f.trips, l) // left
		}
	}
	if l := loops[b]; l != nil && l.header == b && l.body[from] && l.kind != boundLoop {
		if f.trips[l]++; f.trips[l] >= openTrips {
			return nil, p.end(token.NoPos, true)
		}
	}
	return []*path{p}, nil
}

func (e *explorer) branch(p *path, v *ssa.If) (next []*path, end *Trace) {
	f := p.top()
	for _, b := range f.block.Succs { // for range n looks before the first round, too
		if l := e.m.loopsOf(f.fn)[b]; l != nil && l.kind == boundLoop && l.pre == v {
			n, ok := e.trips(l)
			if !ok {
				e.failed = true
				return nil, nil
			}
			if n > 0 {
				f.trips[l] = 1
				return e.enter(p, f.block.Succs[0])
			}
			return e.enter(p, f.block.Succs[1])
		}
	}
	// A loop with a known bound goes round that often and then ends.
	if l := e.m.loopsOf(f.fn)[f.block]; l != nil && l.kind == boundLoop && l.test == v {
		n, ok := e.trips(l)
		if !ok {
			e.failed = true
			return nil, nil
		}
		i := l.exit
		if f.trips[l] < n {
			f.trips[l]++
			i = 1 - l.exit
		}
		return e.enter(p, f.block.Succs[i])
	}
	if known, ok := e.decide(p, v.Cond); ok {
		i := 1
		if known {
			i = 0
		}
		return e.enter(p, f.block.Succs[i])
	}
	key, flip := e.m.condKey(v.Cond)
	if key != "" {
		if was, ok := p.decided[key]; ok {
			i := 1
			if was != flip {
				i = 0
			}
			return e.enter(p, f.block.Succs[i])
		}
	}
	if len(p.trace) > 0 && e.m.fromReceive(v.Cond) {
		p.dataDep = true
	}
	for i := range 2 {
		q := p.clone()
		if key != "" {
			q.decided[key] = (i == 0) != flip
		}
		for l := e.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			if l.kind != boundLoop && !l.body[f.block.Succs[i]] {
				q.guessed[l] = true
			}
		}
		n, t := e.enter(q, q.top().block.Succs[i])
		next = append(next, n...)
		if t != nil {
			end = t
		}
	}
	return next, end
}

// decide evaluates a condition, if what it depends on is known.
func (e *explorer) decide(p *path, v ssa.Value) (result, known bool) {
	switch x := p.eval(v).(type) {
	case truth:
		return bool(x), true
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			r, ok := e.decide(p, v.X)
			return !r, ok
		}
	case *ssa.BinOp:
		if v.Op != token.EQL && v.Op != token.NEQ {
			return false, false
		}
		x, y := p.eval(v.X), p.eval(v.Y)
		if x == nil || y == nil {
			return false, false
		}
		_, xnil := x.(nilValue)
		_, ynil := y.(nilValue)
		var eq bool
		switch {
		case xnil || ynil:
			eq = xnil && ynil
		default:
			if !constantValue(x) || !constantValue(y) {
				return false, false
			}
			eq = x == y
		}
		return eq == (v.Op == token.EQL), true
	}
	return false, false
}

func constantValue(v value) bool {
	switch v.(type) {
	case truth, number, text:
		return true
	}
	return false
}

// fromReceive reports whether a condition depends on something received.
func (m *Model) fromReceive(cond ssa.Value) bool {
	if v, ok := m.received[cond]; ok {
		return v
	}
	seen := make(map[ssa.Value]bool)
	var walk func(v ssa.Value, depth int) bool
	walk = func(v ssa.Value, depth int) bool {
		if depth == 0 || seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.UnOp:
			if v.Op == token.ARROW {
				return true
			}
		case *ssa.Select:
			return true
		case *ssa.Alloc:
			for _, ref := range *v.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == v && walk(st.Val, depth-1) {
					return true
				}
			}
			return false
		}
		if instr, ok := v.(ssa.Instruction); ok {
			for _, op := range instr.Operands(nil) {
				if *op != nil && walk(*op, depth-1) {
					return true
				}
			}
		}
		return false
	}
	v := walk(cond, 10)
	m.received[cond] = v
	return v
}

// condKey names a condition such that two tests of the same unchanging thing have
// one name; flip says that the test is the opposite of the name. Conditions that
// may change have no name.
func (m *Model) condKey(v ssa.Value) (key string, flip bool) {
	for {
		if u, ok := v.(*ssa.UnOp); ok && u.Op == token.NOT {
			v, flip = u.X, !flip
			continue
		}
		break
	}
	if b, ok := v.(*ssa.BinOp); ok && b.Op == token.NEQ {
		x, y := m.stableName(b.X, 8), m.stableName(b.Y, 8)
		if x == "" || y == "" {
			return "", false
		}
		return "==(" + x + "," + y + ")", !flip
	}
	return m.stableName(v, 8), flip
}

// stableName names a value that is the same wherever it is looked at.
func (m *Model) stableName(v ssa.Value, depth int) string {
	if depth == 0 {
		return ""
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.String()
	case *ssa.Parameter, *ssa.Global:
		return fmt.Sprintf("%p", v)
	case *ssa.FreeVar:
		if b := binding(v); b != nil {
			return m.stableName(b, depth-1)
		}
		return ""
	case *ssa.Alloc:
		if len(stores(v)) > 1 || m.loopsOf(v.Parent())[v.Block()] != nil {
			return ""
		}
		return fmt.Sprintf("%p", v)
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return ""
		}
		if s := m.stableName(v.X, depth-1); s != "" {
			return v.Op.String() + s
		}
		return ""
	case *ssa.FieldAddr:
		if s := m.stableName(v.X, depth-1); s != "" {
			return fmt.Sprintf("%s.%d", s, v.Field)
		}
		return ""
	case *ssa.Field:
		if s := m.stableName(v.X, depth-1); s != "" {
			return fmt.Sprintf("%s.%d", s, v.Field)
		}
		return ""
	case *ssa.BinOp:
		x, y := m.stableName(v.X, depth-1), m.stableName(v.Y, depth-1)
		if x != "" && y != "" {
			return v.Op.String() + "(" + x + "," + y + ")"
		}
		return ""
	case *ssa.ChangeType:
		return m.stableName(v.X, depth-1)
	case *ssa.Convert:
		return m.stableName(v.X, depth-1)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			if s := m.stableName(v.Call.Args[0], depth-1); s != "" {
				return "len(" + s + ")"
			}
			return ""
		}
	case *ssa.Phi, *ssa.Function:
		return ""
	}
	if instr, ok := v.(ssa.Instruction); ok && m.loopsOf(v.Parent())[instr.Block()] == nil {
		return fmt.Sprintf("%p", v)
	}
	return ""
}

// binding returns what a free variable is bound to, if there is one place that binds it.
func binding(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	if fn.Parent() == nil {
		return nil
	}
	i := slices.Index(fn.FreeVars, fv)
	var found ssa.Value
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				if found != nil {
					return nil
				}
				found = mc.Bindings[i]
			}
		}
	}
	return found
}

// stores returns the stores to a variable, in closures too.
func stores(v ssa.Value) (sts []*ssa.Store) {
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				sts = append(sts, ref)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v {
					sts = append(sts, stores(ref.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return sts
}

// step runs one instruction. It returns paths if it forks.
func (e *explorer) step(p *path, instr ssa.Instruction, depth int) []*path {
	f := p.top()
	switch v := instr.(type) {
	case *ssa.MakeChan:
		n, sym, ok := e.number(v.Size, 6)
		if !ok || n < 0 {
			e.escaped[v] = true
		}
		f.set(v, &Object{Site: v, Cap: n, sym: sym})
	case *ssa.Alloc:
		if isSync(lint.Deref(v.Type())) {
			f.set(v, &Object{Site: v})
			return nil
		}
		f.set(v, cell(len(p.cells)))
		var zero value
		switch t := lint.Deref(v.Type()).Underlying().(type) {
		case *types.Basic:
			if t.Info()&types.IsBoolean != 0 && len(stores(v)) == 0 {
				zero = truth(false)
			}
		}
		p.cells = append(p.cells, zero)
	case *ssa.Store:
		x := p.eval(v.Val)
		if c, ok := p.eval(v.Addr).(cell); ok && !e.shared(v.Addr) {
			p.cells[c] = x
			if _, ok := x.(number); ok {
				p.cells[c] = nil
			}
		} else {
			e.escape(p, x)
		}
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			if c, ok := p.eval(v.X).(cell); ok {
				f.set(v, p.cells[c])
			} else {
				f.set(v, nil)
			}
		case token.ARROW:
			return e.receive(p, v)
		default:
			f.set(v, nil)
		}
	case *ssa.Send:
		e.escape(p, p.eval(v.X))
		switch obj := p.eval(v.Chan).(type) {
		case *Object:
			p.emit(&Event{Kind: EvSend, Obj: obj, Instr: v})
		case nilValue:
			return []*path{}
		}
	case *ssa.MakeClosure:
		c := &closure{fn: v.Fn.(*ssa.Function)}
		for _, b := range v.Bindings {
			c.binds = append(c.binds, p.eval(b))
		}
		if !e.m.inside(c.fn) { // a method value such as wg.Done
			e.escape(p, c)
			f.set(v, nil)
			return nil
		}
		f.set(v, c)
	case *ssa.ChangeType:
		f.set(v, p.eval(v.X))
	case *ssa.Extract:
		var x value
		if t, ok := p.eval(v.Tuple).(tuple); ok && v.Index < len(t) {
			x = t[v.Index]
		}
		f.set(v, x)
	case *ssa.BinOp, *ssa.DebugRef:
	case *ssa.Defer:
		c := v.Common()
		d := deferred{call: v, fn: p.eval(c.Value)}
		for _, a := range c.Args {
			d.args = append(d.args, p.eval(a))
		}
		f.defers = append(f.defers, d)
	case ssa.CallInstruction:
		c := v.Common()
		var args []value
		for _, a := range c.Args {
			args = append(args, p.eval(a))
		}
		_, isGo := v.(*ssa.Go)
		return e.invoke(p, v, p.eval(c.Value), args, depth, isGo)
	default:
		for _, op := range instr.Operands(nil) {
			if *op != nil {
				e.escape(p, p.eval(*op))
			}
		}
		if val, ok := instr.(ssa.Value); ok {
			f.set(val, nil)
		}
	}
	return nil
}

// shared reports whether an address is of a variable that has several values
// that other goroutines may see change.
func (e *explorer) shared(addr ssa.Value) bool {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b := binding(fv)
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
	return captured && len(stores(a)) > 1
}

// escape notes that a value is known to unknown code from here on.
func (e *explorer) escape(p *path, v value) {
	switch v := v.(type) {
	case *Object:
		e.escaped[v.Site] = true
	case *closure:
		for _, b := range v.binds {
			e.escape(p, b)
		}
	case cell:
		if x := p.cells[v]; x != nil {
			p.cells[v] = nil
			e.escape(p, x)
		}
	case tuple:
		for _, x := range v {
			e.escape(p, x)
		}
	}
}

// holds reports whether a value leads to an object.
func (p *path) holds(v value) bool { return p.holds2(v, 6) }

func (p *path) holds2(v value, depth int) bool {
	if depth == 0 {
		return true
	}
	switch v := v.(type) {
	case *Object:
		return true
	case *closure:
		return slices.ContainsFunc(v.binds, func(b value) bool { return p.holds2(b, depth-1) })
	case cell:
		return p.holds2(p.cells[v], depth-1)
	}
	return false
}

func (e *explorer) receive(p *path, v *ssa.UnOp) []*path {
	f := p.top()
	f.set(v, nil)
	switch obj := p.eval(v.X).(type) {
	case *Object:
		if !v.CommaOk {
			p.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v})
			return nil
		}
		q := p.clone()
		p.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v, Want: GotValue})
		f.set(v, tuple{nil, truth(true)})
		q.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v, Want: GotClosed})
		q.top().set(v, tuple{nil, truth(false)})
		return []*path{p, q}
	case nilValue:
		return []*path{} // a rule of its own
	default:
		if !external(v.X) {
			p.emit(&Event{Kind: EvBarrier, Instr: v})
		}
	}
	return nil
}

// external reports whether a channel comes from a call of another package, such as
// a timer or the end of a context, which knows nothing of what this package waits for.
func external(ch ssa.Value) bool {
	switch v := ch.(type) {
	case *ssa.Call:
		c := v.Common()
		if c.IsInvoke() {
			return c.Method.Name() == "Done"
		}
		fn := c.StaticCallee()
		return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "time"
	case *ssa.UnOp:
		if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			t := lint.Deref(fa.X.Type())
			return lint.IsNamed(t, "time", "Timer", "Ticker")
		}
	}
	return false
}

func (e *explorer) selects(p *path, v *ssa.Select) (next []*path) {
	if len(v.States) == 0 {
		p.emit(&Event{Kind: EvHang, Instr: v, Pos: v.Pos()})
		return []*path{p}
	}
	other := !v.Blocking
	cases := make([]*Event, len(v.States))
	var known []*Event
	for i, s := range v.States {
		if s.Send != nil {
			e.escape(p, p.eval(s.Send))
		}
		switch obj := p.eval(s.Chan).(type) {
		case *Object:
			kind := EvRecv
			if s.Dir == types.SendOnly {
				kind = EvSend
			}
			cases[i] = &Event{Kind: kind, Obj: obj, Instr: v, Pos: s.Pos}
			known = append(known, cases[i])
		case nilValue:
			cases[i] = nil
		default:
			other = true
		}
	}
	recvs := 0
	for _, s := range v.States {
		if s.Dir == types.RecvOnly {
			recvs++
		}
	}
	take := func(i int, chosen *Event, ok bool, pos token.Pos) {
		q := p.clone()
		res := make(tuple, 2+recvs)
		res[0], res[1] = number(i), nil
		if chosen != nil && chosen.Kind == EvRecv {
			res[1] = truth(ok)
		}
		q.emit(&Event{Kind: EvSelect, Instr: v, Pos: pos, Cases: known, Chosen: chosen, Other: other})
		q.top().set(v, res)
		next = append(next, q)
	}
	for i, s := range v.States {
		if _, isNil := p.eval(s.Chan).(nilValue); isNil {
			continue
		}
		c := cases[i]
		if c == nil || c.Kind == EvSend {
			take(i, c, false, s.Pos)
			continue
		}
		if okUsed(v) {
			got, closed := *c, *c
			got.Want, closed.Want = GotValue, GotClosed
			take(i, &got, true, s.Pos)
			take(i, &closed, false, s.Pos)
		} else {
			take(i, c, true, s.Pos)
			next[len(next)-1].top().env[v].(tuple)[1] = nil
		}
	}
	if !v.Blocking {
		take(-1, nil, false, v.Pos())
	}
	return next
}

// okUsed reports whether the second value of a receive in a select is looked at.
func okUsed(v *ssa.Select) bool {
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 1 && len(*x.Referrers()) > 0 {
			return true
		}
	}
	return false
}

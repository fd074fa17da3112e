package badcap

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// sizes is the fact of a function that makes room for as many elements as a
// parameter says, or returns numbers as it finds them in input. Parameters count
// without the receiver.
type sizes struct {
	Params  []int
	Results []int
}

func (*sizes) AFact() {}

func (f *sizes) String() string { return fmt.Sprintf("sizes params%v results%v", f.Params, f.Results) }

// numbers judges the sizes that are computed: whether they can be negative, and
// whether input chooses them. Only a package where one of them may be needs SSA.
func (r *run) numbers() {
	r.exportParams()
	negative, input := r.mayBeNegative(), r.mayBeInput() && (r.all || !r.tool())
	hands := input || r.handsOn()
	if !negative && !hands {
		return
	}
	p := &program{
		run:     r,
		ssa:     lazyssa.Of(r.Pass).Build(),
		callers: make(map[*ssa.Function][]ssa.CallInstruction),
		values:  make(map[*ssa.Function]bool),
	}
	p.survey()
	t := newTaint(p)
	var demands []*demand
	for _, u := range p.uses {
		if p.silent(u.site.call.Pos()) || negative && p.negative(u, t) || !input {
			continue
		}
		if d := p.untrusted(u, t); d != nil {
			demands = append(demands, d)
		}
	}
	p.reportUntrusted(demands)
	if hands {
		t.export()
	}
}

// handsOn reports whether an exported function that returns a number reads one from input: it
// may be a size elsewhere.
func (r *run) handsOn() bool {
	if !lint.Imports(r.Pkg, "encoding/binary") || r.Pkg.Name() == "main" {
		return false
	}
	for cur := range r.root.Preorder((*ast.FuncDecl)(nil)) {
		decl := cur.Node().(*ast.FuncDecl)
		fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok || !fn.Exported() || decl.Body == nil || lint.IsTest(r.Pass, decl.Pos()) {
			continue
		}
		number := false
		for v := range fn.Signature().Results().Variables() {
			number = number || isInteger(v.Type()) && width(v.Type()) > 16
		}
		if number && has(decl.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return false
			}
			fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
			return ok && fn.Pkg() != nil && fn.Pkg().Path() == "encoding/binary"
		}) {
			return true
		}
	}
	return false
}

// exportParams notes which exported functions hand a parameter to make as it is.
func (r *run) exportParams() {
	facts := make(map[*types.Func]*sizes)
	for _, s := range r.ordered() {
		decl := enclosing(s.cur)
		if decl == nil || s.hint {
			continue
		}
		fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok || !fn.Exported() || decl.Body == nil {
			continue
		}
		v := r.variable(s.size)
		i := paramIndex(fn, v)
		if i < 0 || r.examined(decl, v) || fn.Pkg().Name() == "main" {
			continue
		}
		if facts[fn] == nil {
			facts[fn] = new(sizes)
		}
		if !slices.Contains(facts[fn].Params, i) {
			facts[fn].Params = append(facts[fn].Params, i)
		}
	}
	for fn, fact := range facts {
		slices.Sort(fact.Params)
		r.ExportObjectFact(fn, fact)
	}
}

// ordered returns the sites in source order.
func (r *run) ordered() []*site {
	list := make([]*site, 0, len(r.sites))
	for _, s := range r.sites {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *site) int { return int(a.call.Lparen - b.call.Lparen) })
	return list
}

// enclosing returns the declaration of the function around the cursor, and nil
// if a function literal is between.
func enclosing(cur inspector.Cursor) *ast.FuncDecl {
	for around := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, _ := around.Node().(*ast.FuncDecl)
		return decl
	}
	return nil
}

// variable returns the variable that e is, through conversions.
func (r *run) variable(e ast.Expr) *types.Var {
	for {
		e = ast.Unparen(e)
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !r.TypesInfo.Types[call.Fun].IsType() {
			break
		}
		e = call.Args[0]
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := r.TypesInfo.Uses[id].(*types.Var)
	return v
}

func paramIndex(fn *types.Func, v *types.Var) int {
	if v == nil {
		return -1
	}
	params := fn.Signature().Params()
	for i := range params.Len() {
		if params.At(i) == v {
			return i
		}
	}
	return -1
}

// examined reports whether the function compares, sets or hands on the variable.
func (r *run) examined(decl *ast.FuncDecl, v *types.Var) bool {
	found := false
	uses := func(n ast.Node) bool {
		hit := false
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			hit = hit || ok && r.TypesInfo.Uses[id] == v
			return !hit
		})
		return hit
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			found = found || uses(n.Cond)
		case *ast.SwitchStmt:
			found = found || n.Tag != nil && uses(n.Tag)
		case *ast.CaseClause:
			for _, e := range n.List {
				found = found || uses(e)
			}
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				found = found || ok && r.TypesInfo.Uses[id] == v
			}
		case *ast.CallExpr:
			if _, ok := typeutil.Callee(r.TypesInfo, n).(*types.Func); ok && r.sites[n.Lparen] == nil {
				for _, arg := range n.Args {
					found = found || uses(arg)
				}
			}
		}
		return !found
	})
	return found
}

// mayBeNegative reports whether something is subtracted in a size, as far as
// syntax tells.
func (r *run) mayBeNegative() bool {
	subtracts := make(map[ast.Node]bool)
	for _, s := range r.ordered() {
		if s.hint {
			continue
		}
		if has(s.size, r.isDifference) {
			return true
		}
		v := r.variable(s.size)
		if v == nil {
			continue
		}
		for around := range s.cur.Enclosing((*ast.FuncDecl)(nil)) {
			decl := around.Node().(*ast.FuncDecl)
			if _, ok := subtracts[decl]; !ok {
				subtracts[decl] = has(decl, r.isDifference)
			}
			if subtracts[decl] {
				return true
			}
			fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
			if ok && paramIndex(fn, v) >= 0 && r.calledWithSub(fn) {
				return true
			}
		}
	}
	return false
}

func (r *run) calledWithSub(fn *types.Func) bool {
	for cur := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if callee, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func); ok && callee.Origin() == fn {
			for _, arg := range call.Args {
				if has(arg, r.isDifference) {
					return true
				}
			}
		}
	}
	return false
}

// isDifference reports whether a subtraction, or the call of a function that does nothing else, is at n.
func (r *run) isDifference(n ast.Node) bool {
	if isSub(n) {
		return true
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() != r.Pkg {
		return false
	}
	if r.differences == nil {
		r.differences = make(map[*types.Func]bool)
		for cur := range r.root.Preorder((*ast.FuncDecl)(nil)) {
			decl := cur.Node().(*ast.FuncDecl)
			if decl.Body == nil || len(decl.Body.List) != 1 {
				continue
			}
			if ret, ok := decl.Body.List[0].(*ast.ReturnStmt); ok && has(ret, isSub) {
				if fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					r.differences[fn] = true
				}
			}
		}
	}
	return r.differences[fn.Origin()]
}

func isSub(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return n.Op == token.SUB
	case *ast.AssignStmt:
		return n.Tok == token.SUB_ASSIGN
	case *ast.UnaryExpr:
		return n.Op == token.SUB
	}
	return false
}

func has(root ast.Node, is func(ast.Node) bool) bool {
	found := false
	ast.Inspect(root, func(n ast.Node) bool {
		found = found || n != nil && is(n)
		return !found
	})
	return found
}

// mayBeInput reports whether the package reads numbers from input at all and a
// size is more than a length.
func (r *run) mayBeInput() bool {
	if !r.all && !lint.Imports(r.Pkg, "encoding/binary", "encoding/json", "encoding/gob", "encoding/xml", "net/http", "net/url", "bufio", "net/textproto", "google.golang.org/grpc",
		"github.com/gin-gonic/gin", "github.com/labstack/echo/v4", "github.com/gofiber/fiber/v2", "google.golang.org/protobuf/encoding/protowire") && !r.importsResults() && !r.assembles() {
		return false
	}
	for _, s := range r.sites {
		if has(s.size, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				v, ok := r.TypesInfo.Uses[n].(*types.Var)
				return ok && isInteger(v.Type())
			case *ast.CallExpr:
				_, ok := typeutil.Callee(r.TypesInfo, n).(*types.Func)
				return ok
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// importsResults reports whether a function of an imported package is known to
// return numbers from input.
func (r *run) importsResults() bool {
	for _, f := range r.AllObjectFacts() {
		if fact, ok := f.Fact.(*sizes); ok && len(fact.Results) > 0 {
			return true
		}
	}
	return false
}

// assembles reports whether the package puts numbers together from bytes.
func (r *run) assembles() bool {
	for cur := range r.root.Preorder((*ast.BinaryExpr)(nil)) {
		e := cur.Node().(*ast.BinaryExpr)
		if tv := r.TypesInfo.Types[e.Y]; e.Op == token.SHL && tv.Value != nil && tv.Value.ExactString() == "24" {
			return true
		}
	}
	return false
}

// A program is the SSA form of the package and what was found in it.
type program struct {
	*run
	ssa     *lazyssa.SSA
	uses    []use
	callers map[*ssa.Function][]ssa.CallInstruction
	values  map[*ssa.Function]bool // functions that are used other than by a call

	handed map[*types.Named][]*types.Interface // as what others get values of a type; made by handedOut
}

// A use is a site with the number that it uses.
type use struct {
	site  *site
	instr ssa.Instruction
	size  ssa.Value
}

// survey finds the sites and the calls.
func (p *program) survey() {
	inPackage := make(map[*ssa.Function]bool, len(p.ssa.Funcs))
	for _, f := range p.ssa.Funcs {
		inPackage[f] = true
	}
	for _, f := range p.ssa.Funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				p.instruction(instr, inPackage)
			}
		}
	}
}

func (p *program) instruction(instr ssa.Instruction, inPackage map[*ssa.Function]bool) {
	var size ssa.Value
	switch v := instr.(type) {
	case *ssa.MakeSlice:
		size = v.Cap
	case *ssa.MakeMap:
		size = v.Reserve
	case *ssa.MakeChan:
		size = v.Size
	}
	var direct *ssa.Function
	if call, ok := instr.(ssa.CallInstruction); ok {
		c := call.Common()
		if fn := c.StaticCallee(); fn != nil {
			if _, ok := c.Value.(*ssa.MakeClosure); !ok {
				direct = fn
			}
			fn = origin(fn)
			p.callers[fn] = append(p.callers[fn], call)
		}
		if s := p.sites[instr.Pos()]; s != nil && len(c.Args) > 0 {
			for i, arg := range s.call.Args {
				if arg == s.size {
					size = c.Args[len(c.Args)-len(s.call.Args)+i]
				}
			}
		}
	}
	if s := p.sites[instr.Pos()]; s != nil && size != nil {
		p.uses = append(p.uses, use{s, instr, size})
	}
	for i, op := range instr.Operands(nil) {
		if fn, ok := (*op).(*ssa.Function); ok && (i > 0 || fn != direct) {
			fn = origin(fn)
			if inPackage[fn] && fn.Parent() == nil {
				p.values[fn] = true
			}
		}
	}
}

// open reports whether code that is not in sight may call the function with any
// arguments: it is exported, or nothing in the package calls it.
func (p *program) open(f *ssa.Function) bool {
	if f.Parent() != nil || f.Object() == nil || f.Synthetic != "" {
		return false
	}
	if p.Pkg.Name() == "main" || !f.Object().Exported() {
		return p.unused(f)
	}
	if recv := f.Signature.Recv(); recv != nil {
		named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
		return ok && (named.Obj().Exported() || p.handedOut(named, f))
	}
	return true
}

// handedOut reports whether other packages get values of the type by an exported function of the package that
// makes one, and returns it as an exported interface of the package that the method belongs to.
func (p *program) handedOut(named *types.Named, method *ssa.Function) bool {
	if p.handed == nil {
		p.handed = make(map[*types.Named][]*types.Interface)
		for _, fn := range p.ssa.Funcs {
			p.handsOut(fn)
		}
	}
	return slices.ContainsFunc(p.handed[named.Origin()], func(iface *types.Interface) bool { return lint.Declares(iface, method.Name()) })
}

// handsOut notes the types that a function makes values of and returns them as an interface.
func (p *program) handsOut(fn *ssa.Function) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() || fn.Signature.Recv() != nil || fn.Signature.Results().Len() == 0 {
		return
	}
	result, ok := types.Unalias(fn.Signature.Results().At(0).Type()).(*types.Named)
	if !ok || !result.Obj().Exported() || result.Obj().Pkg() != p.Pkg {
		return
	}
	iface, ok := result.Underlying().(*types.Interface)
	if !ok {
		return
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if made, ok := ret.Results[0].(*ssa.MakeInterface); ok {
			if named, ok := types.Unalias(lint.Deref(made.X.Type())).(*types.Named); ok {
				p.handed[named.Origin()] = append(p.handed[named.Origin()], iface)
			}
		}
	}
}

// unused reports whether nothing in the package uses a function yet: who will, is not known.
func (p *program) unused(f *ssa.Function) bool {
	return f.Signature.Recv() == nil && p.Pkg.Name() != "main" && f.Name() != "init" && len(p.callers[f]) == 0 && !p.values[f]
}

// tool reports whether the package is of a command that knows no network: what
// it reads, its user has given it.
func (r *run) tool() bool {
	if r.Pkg.Name() != "main" && !strings.Contains("/"+r.Pkg.Path()+"/", "/cmd/") {
		return false
	}
	return !slices.ContainsFunc(r.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == "net" || strings.HasPrefix(p.Path(), "net/") || p.Path() == "crypto/tls" || strings.HasPrefix(p.Path(), "google.golang.org/grpc")
	})
}

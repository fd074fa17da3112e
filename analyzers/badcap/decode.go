package badcap

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// decodes notes what the call decodes into, if that is what it does.
func (t *taint) decodes(in *ssa.Function, call ssa.CallInstruction) {
	c := call.Common()
	fn := commonCallee(c)
	i, ok := -1, false
	if static := c.StaticCallee(); static != nil {
		i, ok = t.decoders[origin(static)]
	}
	binary := false
	if !ok {
		if i, binary = decoderArg(fn, c); i < 0 {
			return
		}
	}
	if i >= len(c.Args) {
		return
	}
	target := c.Args[i]
	if mi, ok := target.(*ssa.MakeInterface); ok {
		target = mi.X
	}
	if p, ok := target.(*ssa.Parameter); ok && p.Parent() == in {
		if _, isPointer := p.Type().Underlying().(*types.Pointer); !isPointer || lint.IsTypeParam(lint.Deref(p.Type())) {
			for j, q := range in.Params {
				if q == p {
					t.decoders[in] = j
				}
			}
		}
	}
	src := &source{what: callText(fn, c), bits: 64, pos: call.Pos()}
	request := binary || t.requested(in, c)
	base, path := canon(target)
	if _, ok := base.(*ssa.Alloc); ok && path == "" && (request || !t.fromFile(c) && !configures(c, target)) {
		t.cells[base] = src
	}
	if named, ok := types.Unalias(lint.Deref(target.Type())).(*types.Named); ok && request {
		if _, seen := t.types[named.Obj()]; !seen {
			t.types[named.Obj()] = src
		}
	}
	// A generic helper decodes into its type argument.
	if lint.IsTypeParam(lint.Deref(target.Type())) && request {
		for _, inst := range t.TypesInfo.Instances {
			for arg := range inst.TypeArgs.Types() {
				if named, ok := types.Unalias(arg).(*types.Named); ok && named.Obj().Pkg() == t.Pkg && isStruct(named) {
					if _, seen := t.types[named.Obj()]; !seen {
						t.types[named.Obj()] = src
					}
				}
			}
		}
	}
}

// configures reports whether a name says that what is decoded is a configuration: that of the variable or
// its type, or of what it is decoded from.
func configures(c *ssa.CallCommon, target ssa.Value) bool {
	var names []string
	if cell, ok := target.(*ssa.Alloc); ok {
		names = append(names, cell.Comment)
	}
	if named, ok := types.Unalias(lint.Deref(target.Type())).(*types.Named); ok {
		names = append(names, named.Obj().Name())
	}
	for _, arg := range c.Args {
		if v, ok := lazyssa.Strip(arg).(*ssa.Parameter); ok {
			names = append(names, v.Name())
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		name = strings.ToLower(name)
		return strings.Contains(name, "config") || strings.HasSuffix(name, "conf") || strings.HasSuffix(name, "cfg") || strings.HasSuffix(name, "settings")
	})
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// origin returns the generic function that fn is an instance of, or fn.
func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// decoderArg returns which argument, the receiver included, the function fills
// with what it decodes, and whether the format is binary.
func decoderArg(fn *types.Func, c *ssa.CallCommon) (arg int, binary bool) {
	switch {
	case fn == nil || fn.Pkg() == nil:
	case isFunc(fn, "encoding/json", "Unmarshal"), isFunc(fn, "encoding/xml", "Unmarshal"):
		return 1, false
	case isMethod(fn, "encoding/json", "Decoder", "Decode"), isMethod(fn, "encoding/xml", "Decoder", "Decode"), isMethod(fn, "encoding/gob", "Decoder", "Decode"):
		return 1, false
	case isFunc(fn, "encoding/binary", "Read", "Decode"):
		return 2, true
	}
	if fn != nil && fn.Pkg() != nil {
		path := fn.Pkg().Path()
		for _, framework := range []string{"github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber"} {
			if strings.HasPrefix(path, framework) && (strings.Contains(fn.Name(), "Bind") || strings.HasSuffix(fn.Name(), "Parser")) && len(c.Args) > 0 {
				return len(c.Args) - 1, false
			}
		}
	}
	return -1, false
}

func callText(fn *types.Func, c *ssa.CallCommon) string {
	if fn == nil {
		return "input"
	}
	if recv := fn.Signature().Recv(); recv != nil {
		named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
		if ok && (named.Obj().Exported() || fn.Pkg() == nil) {
			return named.Obj().Name() + "." + fn.Name()
		}
	}
	if fn.Pkg() == nil {
		return fn.Name()
	}
	return fn.Pkg().Name() + "." + fn.Name()
}

// reaches reports whether something that v is computed from is as asked.
func (t *taint) reaches(v ssa.Value, depth int, is func(ssa.Value) bool) bool {
	return reach(v, depth, make(map[ssa.Value]bool), is)
}

func reach(v ssa.Value, depth int, seen map[ssa.Value]bool, is func(ssa.Value) bool) bool {
	if v == nil || seen[v] {
		return false
	}
	seen[v] = true
	if is(v) {
		return true
	}
	if depth == 0 {
		return false
	}
	if fv, ok := v.(*ssa.FreeVar); ok {
		return reach(lazyssa.Binding(fv), depth-1, seen, is)
	}
	if alloc, ok := v.(*ssa.Alloc); ok {
		stores, _ := cellStores(alloc)
		for _, s := range stores {
			if reach(s.Val, depth-1, seen, is) {
				return true
			}
		}
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if reach(*op, depth-1, seen, is) {
			return true
		}
	}
	return false
}

// readsNumber reports whether fn reads a number from its input, and which of
// its results that is.
func readsNumber(fn *types.Func) (int, bool) {
	if fn == nil || fn.Pkg() == nil {
		return 0, false
	}
	name := fn.Name()
	switch path := fn.Pkg().Path(); path {
	case "encoding/binary":
		switch name {
		case "Uint16", "Uint32", "Uint64", "Uvarint", "Varint", "ReadUvarint", "ReadVarint":
			return 0, true
		}
	case "google.golang.org/protobuf/encoding/protowire":
		switch name {
		case "ConsumeVarint", "ConsumeFixed32", "ConsumeFixed64":
			return 0, true
		}
	}
	return 0, false
}

// export tells importers which functions return numbers as input has them.
func (t *taint) export() {
	if t.Pkg.Name() == "main" {
		return
	}
	for _, f := range t.ssa.Funcs {
		fn, ok := f.Object().(*types.Func)
		if !ok || !fn.Exported() || f.Blocks == nil {
			continue
		}
		var results []int
		for i := range f.Signature.Results().Len() {
			if isInteger(f.Signature.Results().At(i).Type()) && width(f.Signature.Results().At(i).Type()) > 16 && t.result(f, i, 0) != nil {
				results = append(results, i)
			}
		}
		if results == nil {
			continue
		}
		fact := new(sizes)
		t.ImportObjectFact(fn, fact)
		fact.Results = results
		t.ExportObjectFact(fn, fact)
	}
}

// trusts reports whether the program panics if the input cannot be read: then it
// reads its own, and has more to fear than a large number.
func trusts(call *ssa.Call) bool {
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok || !lint.IsError(e.Type()) {
			continue
		}
		for _, ref := range *e.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL {
				continue
			}
			for _, ref := range *cmp.Referrers() {
				if br, ok := ref.(*ssa.If); ok {
					i := 0
					if cmp.Op == token.EQL {
						i = 1
					}
					if panics(br.Block().Succs[i], 3) {
						return true
					}
				}
			}
		}
	}
	return false
}

// panics reports whether the block, and what it calls, ends in a panic.
func panics(b *ssa.BasicBlock, depth int) bool {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Panic:
			return true
		case *ssa.Call:
			if fn := instr.Call.StaticCallee(); fn != nil && depth > 0 && len(fn.Blocks) > 0 && panics(fn.Blocks[0], depth-1) {
				return true
			}
		}
	}
	return false
}

package ctxvalue

import (
	"fmt"
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkImported reports a lookup under a plain string that a package this one
// imports sets with a type of its own.
func (r *run) checkImported(o *op, k key) bool {
	if k.val == nil || k.val.Kind() != constant.String || r.importsForeign() {
		return false
	}
	var typ string
	for _, pf := range r.AllPackageFacts() {
		f, ok := pf.Fact.(*storedKeys)
		if !ok || pf.Package == r.Pkg {
			continue
		}
		for _, s := range f.Keys {
			if s.Value != constant.StringVal(k.val) {
				continue
			}
			if s.Type == "" || typ != "" && typ != s.Type {
				return false // some package does set the plain key
			}
			typ = s.Type
		}
	}
	expr := r.keyExpr(o)
	if typ == "" || expr == nil || slices.ContainsFunc(r.gets, func(g op) bool {
		return lazyssa.Outermost(g.call.Parent()) == lazyssa.Outermost(o.call.Parent()) && slices.ContainsFunc(g.keys.list, func(other key) bool {
			return other.typ != nil && types.TypeString(other.typ, (*types.Package).Name) == typ
		})
	}) {
		return false
	}
	r.report(expr, mismatch, fmt.Sprintf("lookup of %s finds nothing: the value is stored under a key of type %s, and this key has type %s",
		lint.Text(expr), typ, r.typeName(k.typ)))
	return true
}

// checkOwnValue reports a lookup under a plain string of a value of a type of the package, which
// stores such values under a key of its own.
func (r *run) checkOwnValue(o *op, k key) bool {
	asserts := assertions(o)
	if len(asserts) != 1 || k.val == nil || r.importsForeign() {
		return false
	}
	if named, ok := types.Unalias(lint.Deref(asserts[0].typ)).(*types.Named); !ok || named.Obj().Pkg() != r.Pkg {
		return false
	}
	for i := range r.sets {
		stored := &r.sets[i]
		sk, ok := stored.keys.only()
		if !ok || !r.privateKey(sk) || r.looksUp(o.call.Parent(), sk) {
			continue
		}
		if t := r.singleType(stored); t == nil || !types.Identical(t, asserts[0].typ) {
			continue
		}
		expr, storedExpr := r.keyExpr(o), r.keyExpr(stored)
		if expr == nil || storedExpr == nil {
			return false
		}
		r.told[o.call] = true
		r.report(expr, mismatch, fmt.Sprintf("lookup of %s finds nothing: such a value is stored under %s, a key of type %s",
			lint.Text(expr), lint.Text(storedExpr), r.typeName(sk.typ)),
			analysis.RelatedInformation{Pos: storedExpr.Pos(), End: storedExpr.End(), Message: "the value is stored here"})
		return true
	}
	return false
}

// importsForeign reports whether the package imports others than those of the
// standard library and of its own module: a framework may well set plain keys.
func (r *run) importsForeign() bool {
	own := repository(r.Pkg.Path())
	return slices.ContainsFunc(r.Pkg.Imports(), func(p *types.Package) bool {
		return repository(p.Path()) != own && strings.Contains(repository(p.Path()), ".")
	})
}

// repository returns the beginning of an import path that modules of one project share.
func repository(path string) string {
	elems := strings.SplitN(path, "/", 4)
	if !strings.Contains(elems[0], ".") {
		return elems[0]
	}
	return strings.Join(elems[:min(3, len(elems))], "/")
}

// storedKeys is the fact of a package that sets keys with constant strings.
type storedKeys struct{ Keys []storedKey }

type storedKey struct {
	Type  string // as messages name it; "" for a plain string
	Value string
}

func (*storedKeys) AFact() {}

func (f *storedKeys) String() string { return fmt.Sprintf("%d string keys", len(f.Keys)) }

// maxStored bounds the fact; no package needs more.
const maxStored = 64

func (r *run) exportStored() {
	var f storedKeys
	for i := range r.sets {
		for _, k := range r.sets[i].keys.list {
			if k.typ == nil || k.val == nil || k.val.Kind() != constant.String || len(f.Keys) == maxStored || len(constant.StringVal(k.val)) > 64 {
				continue
			}
			s := storedKey{Value: constant.StringVal(k.val)}
			if _, plain := types.Unalias(k.typ).(*types.Basic); !plain {
				if r.otherContexts() {
					continue
				}
				s.Type = types.TypeString(k.typ, (*types.Package).Name)
			}
			if !slices.Contains(f.Keys, s) {
				f.Keys = append(f.Keys, s)
			}
		}
	}
	if len(f.Keys) > 0 {
		r.ExportPackageFact(&f)
	}
}

// checkOrphan reports a lookup under a key of the package that nothing sets,
// where the value that it expects is set under one that nothing looks up.
func (r *run) checkOrphan(o *op, k key) bool {
	asserts := assertions(o)
	if len(asserts) != 1 || !r.privateKey(k) || r.isSet(k) {
		return false
	}
	var stored *op
	for i := range r.sets {
		s := &r.sets[i]
		sk, ok := s.keys.only()
		if !ok || !r.privateKey(sk) || r.isAsked(sk) {
			continue
		}
		if t := r.singleType(s); t == nil || !types.Identical(t, asserts[0].typ) {
			continue
		}
		if stored != nil {
			return false // not the only candidate
		}
		stored = s
	}
	if stored == nil {
		return false
	}
	expr, storedExpr := r.keyExpr(o), r.keyExpr(stored)
	if expr == nil || storedExpr == nil {
		return false
	}
	r.told[o.call] = true
	r.report(expr, mismatch, fmt.Sprintf("lookup of %s finds nothing: no value is stored under it, and what is stored under %s is never looked up",
		lint.Text(expr), lint.Text(storedExpr)),
		analysis.RelatedInformation{Pos: storedExpr.Pos(), End: storedExpr.End(), Message: "the value is stored here"})
	return true
}

// checkEmpty reports a lookup under an empty struct where all keys of its type that
// are set have something in it.
func (r *run) checkEmpty(o *op, k key) bool {
	if c, ok := k.made.(*ssa.Const); !ok || c.Value != nil || r.zeroSize(k.typ) || !isStruct(k.typ) || !r.private(k.typ) {
		return false
	}
	var stored *op
	for i := range r.sets {
		for _, s := range r.sets[i].keys.list {
			if s.typ == nil || !types.Identical(s.typ, k.typ) {
				continue
			}
			if !r.filled(s.made) {
				return false
			}
			stored = &r.sets[i]
		}
	}
	if stored == nil {
		return false
	}
	expr, storedExpr := r.keyExpr(o), r.keyExpr(stored)
	if expr == nil || storedExpr == nil {
		return false
	}
	r.told[o.call] = true
	r.report(expr, mismatch, fmt.Sprintf("lookup of %s finds nothing: the value is stored under a %s whose fields are set, and keys are equal only if all fields are",
		lint.Text(expr), r.typeName(k.typ)),
		analysis.RelatedInformation{Pos: storedExpr.Pos(), End: storedExpr.End(), Message: "the key is stored here"})
	return true
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// filled reports whether v is a struct literal with a field that is more than its zero value.
func (r *run) filled(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok || alloc.Comment != "complit" {
		return false
	}
	for _, ref := range *alloc.Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *field.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == field {
				val := store.Val
				if load, ok := val.(*ssa.UnOp); ok {
					if stored := r.onlyStored(load); stored != nil {
						val = stored
					}
				}
				c, isConst := val.(*ssa.Const)
				if _, isParam := val.(*ssa.Parameter); isConst && !isZero(c) || isParam && types.IsInterface(val.Type()) {
					return true
				}
			}
		}
	}
	return false
}

func isZero(c *ssa.Const) bool {
	if c.Value == nil {
		return true
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	case constant.String:
		return constant.StringVal(c.Value) == ""
	case constant.Int, constant.Float, constant.Complex:
		return constant.Sign(c.Value) == 0
	}
	return false
}

// isSet reports whether the package may store a value under k.
func (r *run) isSet(k key) bool { return amongKeys(r.sets, k) }

// isAsked reports whether the package may look k up.
func (r *run) isAsked(k key) bool { return amongKeys(r.gets, k) }

func amongKeys(ops []op, k key) bool {
	return slices.ContainsFunc(ops, func(o op) bool {
		return slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) })
	})
}

package made

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

type User struct {
	ID   int
	Name string
}

func Names(users []*User) []string {
	names := make([]string, len(users)) // want `names is made with len\(users\) zero elements, and append adds behind them; for room only, write make\(\[\]string, 0, len\(users\)\)`
	for _, u := range users {
		names = append(names, u.Name)
	}
	return names
}

func Active(users []*User) []*User {
	out := make([]*User, len(users)) // want `out is made with len\(users\) zero elements`
	for _, u := range users {
		if u.ID > 0 {
			out = append(out, u)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

func IDs(users []*User) []int {
	ids := make([]int, len(users)) // want `ids is made with len\(users\) zero elements`
	for i := 0; i < len(users); i++ {
		ids = append(ids, users[i].ID)
	}
	return ids
}

func Squares(n int) (out []int) { // want Squares:`sizes params\[0\] results\[\]`
	out = make([]int, n) // want `out is made with n zero elements`
	for i := range n {
		out = append(out, i*i)
	}
	return
}

func Clone(b []byte) []byte {
	out := make([]byte, len(b)) // want `out is made with len\(b\) zero elements`
	out = append(out, b...)
	return out
}

func Args(name string) []string {
	args := make([]string, 2) // want `args is made with 2 zero elements`
	args = append(args, "-name")
	args = append(args, name)
	return args
}

func Keys(m map[string]int) string {
	var keys = make([]string, len(m)) // want `keys is made with len\(m\) zero elements`
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return strings.Join(keys, ",")
}

func Declared(m map[string]int) []string {
	var keys []string
	keys = make([]string, len(m)) // want `keys is made with len\(m\) zero elements`
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

func Both(n int) []string { // want Both:`sizes params\[0\] results\[\]`
	out := make([]string, n, n) // want `out is made with n zero elements`
	for i := 0; i < n; i++ {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

func Hoisted(users []*User) []int {
	n := len(users)
	ids := make([]int, n) // want `ids is made with n zero elements`
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return ids
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, len(xs)) // want `out is made with len\(xs\) zero elements`
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func Locked(users []*User) []string {
	names := make([]string, len(users)) // want `names is made with len\(users\) zero elements`
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, u := range users {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			names = append(names, u.Name)
		})
	}
	wg.Wait()
	return names
}

type registry struct {
	hooks []func()
	names []string
}

func newRegistry(n int) *registry {
	return &registry{hooks: make([]func(), n)} // want `hooks is made with n zero elements`
}

func (r *registry) add(f func()) { r.hooks = append(r.hooks, f) }

func (r *registry) run() {
	for _, f := range r.hooks {
		f()
	}
}

func (r *registry) fill(n int) {
	r.names = make([]string, n) // want `names is made with n zero elements`
	for i := range n {
		r.names = append(r.names, fmt.Sprint(i))
	}
}

// Silent.

func Filled(users []*User) []string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = u.Name
	}
	names = append(names, "root")
	return names
}

func Copied(b []byte, more ...byte) []byte {
	out := make([]byte, len(b))
	copy(out, b)
	return append(out, more...)
}

func Copied2(b []byte, more ...byte) []byte {
	out := make([]byte, len(b))
	copy(out, b)
	out = append(out, more...)
	return out
}

func Roomy(users []*User) []string {
	names := make([]string, 0, len(users))
	for _, u := range users {
		names = append(names, u.Name)
	}
	return names
}

func Header(payload []byte) []byte {
	buf := make([]byte, 4)
	buf = append(buf, payload...)
	binary.BigEndian.PutUint32(buf, uint32(len(payload)))
	return buf
}

func Header2(parts [][]byte) []byte {
	buf := make([]byte, 4)
	for _, p := range parts {
		buf = append(buf, p...)
	}
	binary.BigEndian.PutUint32(buf[:4], uint32(len(buf)-4))
	return buf
}

func Padded(xs []float64, pad int) []float64 { // want Padded:`sizes params\[1\] results\[\]`
	out := make([]float64, pad)
	out = append(out, xs...)
	return out
}

func PaddedLoop(xs []float64, pad int) []float64 { // want PaddedLoop:`sizes params\[1\] results\[\]`
	out := make([]float64, pad)
	for _, x := range xs {
		out = append(out, x*2)
	}
	return out
}

func Sums(xs []int) []int {
	sums := make([]int, 1, len(xs)+1)
	for i, x := range xs {
		sums = append(sums, sums[i]+x)
	}
	return sums
}

func Sums2(xs []int) []int {
	sums := make([]int, 1)
	for i, x := range xs {
		sums = append(sums, sums[i]+x)
	}
	return sums
}

func Reserved(users []*User) []any {
	row := make([]any, 2)
	for _, u := range users {
		row = append(row, u.Name)
	}
	row[0], row[1] = "header", len(users)
	return row
}

func OtherBranch(users []*User, indexed bool) []string {
	var names []string
	if indexed {
		names = make([]string, len(users))
		for i, u := range users {
			names[i] = u.Name
		}
	} else {
		for _, u := range users {
			names = append(names, u.Name)
		}
	}
	return names
}

func SubSlice(users []*User) []string {
	names := make([]string, len(users))
	out := names[:0]
	for _, u := range users {
		out = append(out, u.Name)
	}
	return out
}

func Reset(users []*User) []string {
	names := make([]string, len(users))
	names = names[:0]
	for _, u := range users {
		names = append(names, u.Name)
	}
	return names
}

func fillIn(s []string) {
	for i := range s {
		s[i] = "x"
	}
}

func Handed(users []*User) []string {
	names := make([]string, len(users))
	fillIn(names)
	for _, u := range users {
		names = append(names, u.Name)
	}
	return names
}

func Matrix(n int) [][]int { // want Matrix:`sizes params\[0\] results\[\]`
	rows := make([][]int, n)
	for i := range rows {
		for j := range n {
			rows[i] = append(rows[i], j)
		}
	}
	return rows
}

func Extend(s []byte, n int) []byte { // want Extend:`sizes params\[1\] results\[\]`
	return append(s, make([]byte, n)...)
}

type ring struct {
	buf  []string
	next int
}

func newRing(n int) *ring { return &ring{buf: make([]string, n)} }

func (r *ring) put(s string) {
	if r.next < len(r.buf) {
		r.buf[r.next] = s
		r.next++
		return
	}
	r.buf = append(r.buf, s)
}

// Lists of errors.

func Validate(users []*User) []error {
	errs := make([]error, 0, len(users)) // want `errs reserves room for len\(users\) errors, also when there are none`
	for _, u := range users {
		if u.Name == "" {
			errs = append(errs, errors.New("no name"))
		}
	}
	return errs
}

func ValidateOne(u *User) error {
	errs := make([]error, 0, 3) // want `errs reserves room for 3 errors, also when there are none`
	if u.ID == 0 {
		errs = append(errs, errors.New("no id"))
	}
	if u.Name == "" {
		errs = append(errs, errors.New("no name"))
	}
	return &list{errs}
}

type list struct{ errs []error }

func (l *list) Error() string { return errors.Join(l.errs...).Error() }

type fieldError struct{ field string }

func (f *fieldError) Error() string { return f.field }

func Fields(users []*User) []*fieldError {
	problems := make([]*fieldError, 0, len(users)) // want `problems reserves room for len\(users\) errors`
	for _, u := range users {
		switch {
		case u.Name == "":
		}
		if u.ID < 0 {
			problems = append(problems, &fieldError{u.Name})
		}
	}
	return problems
}

func Failed(users []*User, do func(*User) error) []*User {
	failed := make([]*User, 0, len(users)) // want `failed reserves room for len\(users\) elements of 8 bytes, but adds only those for which err is not nil`
	for _, u := range users {
		if err := do(u); err != nil {
			failed = append(failed, u)
		}
	}
	return failed
}

func Sampled(xs []int) []int {
	out := make([]int, 0, len(xs)) // want `out reserves room for len\(xs\) elements of 8 bytes, but adds only those with x % 100 == 0, one in 100`
	for _, x := range xs {
		if x%100 == 0 {
			out = append(out, x)
		}
	}
	return out
}

// Silent.

// errors.Join copies: the room is on the stack.
func Joined(u *User) error {
	errs := make([]error, 0, 3)
	if u.ID == 0 {
		errs = append(errs, errors.New("no id"))
	}
	return errors.Join(errs...)
}

func AllErrors(users []*User, do func(*User) error) []error {
	errs := make([]error, 0, len(users))
	for _, u := range users {
		errs = append(errs, do(u))
	}
	return errs
}

func Lazy(users []*User) (errs []error) {
	for _, u := range users {
		if u.Name == "" {
			errs = append(errs, errors.New("no name"))
		}
	}
	return errs
}

func Odd(xs []int) []int {
	out := make([]int, 0, len(xs))
	for _, x := range xs {
		if x%2 == 1 {
			out = append(out, x)
		}
	}
	return out
}

func Kept(users []*User) []*User {
	out := make([]*User, 0, len(users))
	for _, u := range users {
		if u != nil {
			out = append(out, u)
		}
	}
	return out
}

func Succeeded(users []*User, do func(*User) error) []*User {
	out := make([]*User, 0, len(users))
	for _, u := range users {
		if err := do(u); err == nil {
			out = append(out, u)
		}
	}
	return out
}

func Wrapped(errs []error) []error {
	out := make([]error, 0, len(errs))
	for _, err := range errs {
		out = append(out, fmt.Errorf("wrapped: %w", err))
	}
	return out
}

// Guesses.

func Guess(n int) []int {
	out := make([]int, 0, 4) // want `room for 4 is an allocation of 32 bytes that out outgrows; without it, the first 32 bytes are on the stack and cost nothing`
	for i := range n {
		out = append(out, i)
	}
	return out
}

func GuessWords(s *strings.Reader) []string {
	out := make([]string, 0, 2) // want `room for 2 is an allocation of 32 bytes that out outgrows`
	for s.Len() > 0 {
		b, _ := s.ReadByte()
		out = append(out, string(b))
	}
	return out
}

// Silent.

func Enough(n int) []int {
	out := make([]int, 0, 64)
	for i := range n {
		out = append(out, i)
	}
	return out
}

func Three() []int {
	out := make([]int, 0, 3)
	for i := range 3 {
		out = append(out, i)
	}
	return out
}

func Local(n int) int {
	out := make([]int, 0, 4)
	for i := range n {
		out = append(out, i)
	}
	return len(out)
}

type holder struct{ xs []int }

func Held(n int) *holder {
	out := make([]int, 0, 4)
	for i := range n {
		out = append(out, i)
	}
	return &holder{out}
}

func Some(xs []int) []int {
	out := make([]int, 0, 4)
	for _, x := range xs {
		if x > 1000 {
			out = append(out, x)
		}
	}
	return out
}

type roster struct {
	names []string
	index []string
}

func NewRoster(users []*User) *roster {
	r := &roster{index: make([]string, len(users))} // want `index is made with len\(users\) zero elements`
	for _, u := range users {
		r.index = append(r.index, u.Name)
	}
	return r
}

// The method may fill it.
func FilledRoster(users []*User) *roster {
	r := &roster{index: make([]string, len(users))}
	r.fill(users)
	for _, u := range users {
		r.index = append(r.index, u.Name)
	}
	return r
}

func (r *roster) fill(users []*User) {
	for i, u := range users {
		r.index[i] = u.Name
	}
}

func each(users []*User, f func(*User)) {
	for _, u := range users {
		f(u)
	}
}

func Called(users []*User) []string {
	names := make([]string, len(users)) // want `names is made with len\(users\) zero elements`
	each(users, func(u *User) {
		names = append(names, u.Name)
	})
	return names
}

func CalledOnce(users []*User, once *sync.Once) []string {
	names := make([]string, len(users))
	once.Do(func() { names = append(names, "first") })
	return names
}

type Page struct {
	Owner string
	Kind  Kind
	Live  bool
	Text  [10]string
}

type Kind string

const (
	Draft Kind = "draft"
	Final Kind = "final"
)

func Owned(pages []Page, owner string) []Page {
	out := make([]Page, 0, len(pages)) // want `out reserves room for len\(pages\) elements of 200 bytes, but adds only those for which p.Owner == owner`
	for _, p := range pages {
		if p.Owner == owner {
			out = append(out, p)
		}
	}
	return out
}

func OwnedElse(pages []Page, owner string) []Page {
	out := make([]Page, 0, len(pages)) // want `out reserves room for len\(pages\) elements of 200 bytes`
	for _, p := range pages {
		if owner != p.Owner {
			continue
		}
		out = append(out, p)
	}
	return out
}

// Many may be of one kind, or live, or somebody else's; and a pointer is little.

func OfKind(pages []Page, k Kind) []Page {
	out := make([]Page, 0, len(pages))
	for _, p := range pages {
		if p.Kind == k {
			out = append(out, p)
		}
	}
	return out
}

func Live(pages []Page, live bool) []Page {
	out := make([]Page, 0, len(pages))
	for _, p := range pages {
		if p.Live == live {
			out = append(out, p)
		}
	}
	return out
}

func Others(pages []Page, owner string) []Page {
	out := make([]Page, 0, len(pages))
	for _, p := range pages {
		if p.Owner != owner {
			out = append(out, p)
		}
	}
	return out
}

func OwnedPointers(pages []*Page, owner string) []*Page {
	out := make([]*Page, 0, len(pages))
	for _, p := range pages {
		if p.Owner == owner {
			out = append(out, p)
		}
	}
	return out
}

// What is returned from inside of the loop has no buffer on the stack: there,
// room for a few is better than none.
func Endless(next func() (int, bool)) []int {
	out := make([]int, 0, 4)
	for {
		n, ok := next()
		if !ok {
			return out
		}
		out = append(out, n)
	}
}

// What each peer answered, nil included, is no list of failures.
func Answers(peers []*User, errs []error, pool int) []error {
	answers := make([]error, 0, len(peers))
	for i, p := range peers {
		if p.ID == pool {
			answers = append(answers, errs[i])
		}
	}
	return answers
}

func Failures(peers []*User, errs []error) []error {
	failed := make([]error, 0, len(peers)) // want `failed reserves room for len\(peers\) errors`
	for i := range peers {
		if errs[i] != nil {
			failed = append(failed, errs[i])
		}
	}
	return failed
}

// failures is asked when something has failed.
type failures map[string]error

func (f failures) Error() string { return "failures" }

func (f failures) of(names []string) error {
	errs := make([]error, 0, len(names))
	for _, name := range names {
		if err, ok := f[name]; ok {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

type fileError struct{ name string }

func (e fileError) Error() string { return e.name }

type report struct{ bad []fileError }

// There is room for as many errors as there are.
func (r *report) about(names func() []fileError, keep func(fileError) bool) []fileError {
	all := names()
	kept := make([]fileError, 0, len(all))
	for _, e := range all {
		if keep(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

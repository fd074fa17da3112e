package unchecked // want package:"string keys"

import (
	"context"
	"net/http"
)

type (
	neverKey    struct{}
	offeredKey  struct{}
	servedKey   struct{}
	sometimeKey struct{}
	checkedKey  struct{}
	justKey     struct{}
	PublicKey   struct{}
)

type user struct{ name string }

// Nothing stores a value under this key.
func never(ctx context.Context) *user {
	return ctx.Value(neverKey{}).(*user) // want `assertion to \*user always panics: nothing stores a value under neverKey\{\}; use the form that reports it: v, ok := …`
}

func With(ctx context.Context, u *user) context.Context { // want With:"derives"
	return context.WithValue(ctx, offeredKey{}, u)
}

// From is for callers who may have forgotten With.
func From(ctx context.Context) *user { // want From:"looks up at a risk"
	return ctx.Value(offeredKey{}).(*user) // want `assertion to \*user panics where a caller of From has not stored a value under offeredKey\{\}`
}

// Request is the same for a request, by way of a variable.
func Request(r *http.Request) string { // want Request:"looks up at a risk"
	v := r.Context().Value(nameKey("name"))
	return v.(string) // want `assertion to string panics where a caller of Request has not stored a value under nameKey\("name"\)`
}

type nameKey string

func WithName(ctx context.Context, s string) context.Context { // want WithName:"derives"
	return context.WithValue(ctx, nameKey("name"), s)
}

// MustFrom says by its name that it panics.
func MustFrom(ctx context.Context) *user { // want MustFrom:"looks up at a risk"
	return ctx.Value(offeredKey{}).(*user)
}

// Said panics if there is no user.
func Said(ctx context.Context) *user { // want Said:"looks up at a risk"
	return ctx.Value(offeredKey{}).(*user)
}

func Checked(ctx context.Context) *user { // want Checked:"looks up at a risk"
	if v := ctx.Value(offeredKey{}); v != nil {
		return v.(*user)
	}
	return nil
}

func CheckedBefore(ctx context.Context) *user { // want CheckedBefore:"looks up at a risk"
	if ctx.Value(offeredKey{}) == nil {
		return nil
	}
	return ctx.Value(offeredKey{}).(*user)
}

func CommaOk(ctx context.Context) *user { // want CommaOk:"looks up"
	u, _ := ctx.Value(offeredKey{}).(*user)
	return u
}

func Recovered(ctx context.Context) (u *user) {
	defer func() { _ = recover() }()
	return ctx.Value(offeredKey{}).(*user)
}

func JustSet(ctx context.Context) *user {
	ctx = context.WithValue(ctx, justKey{}, &user{})
	return ctx.Value(justKey{}).(*user)
}

// A middleware of the package stores it for the handlers of the package.
func serve(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), servedKey{}, &user{})))
	})
}

func handle(w http.ResponseWriter, r *http.Request) {
	u := r.Context().Value(servedKey{}).(*user)
	w.Header().Set("User", u.name)
}

func Served(r *http.Request) *user { // want Served:"looks up at a risk"
	return r.Context().Value(servedKey{}).(*user)
}

// A middleware that stores it for some.
func sometimes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if s := r.Header.Get("User"); s != "" {
			ctx = context.WithValue(ctx, sometimeKey{}, &user{s})
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func handleSome(w http.ResponseWriter, r *http.Request) {
	u := r.Context().Value(sometimeKey{}).(*user) // want `assertion to \*user panics where the condition for storing a value under sometimeKey\{\} does not hold`
	w.Header().Set("User", u.name)
}

// The same, and one that turns the others away.
func optional(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if s := r.Header.Get("User"); s != "" {
			ctx = context.WithValue(ctx, checkedKey{}, &user{s})
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func required(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(checkedKey{}) == nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func handleRequired(w http.ResponseWriter, r *http.Request) {
	u := r.Context().Value(checkedKey{}).(*user)
	w.Header().Set("User", u.name)
}

// Others may store these.
func open(ctx context.Context, r *http.Request) *http.Server {
	_ = ctx.Value(PublicKey{}).(*user)
	return r.Context().Value(http.ServerContextKey).(*http.Server)
}

// A transaction that callers may have forgotten.
type lentKey struct{}

type Store struct{}

func (s *Store) Within(ctx context.Context, f func(context.Context) error) error {
	return f(context.WithValue(ctx, lentKey{}, &user{}))
}

func (s *Store) Exec(ctx context.Context) string { // want Exec:"looks up at a risk"
	return ctx.Value(lentKey{}).(*user).name // want `assertion to \*user panics where a caller of Exec has not stored a value under lentKey\{\}`
}

// A key that others can see, with a function to store it.
func WithPublic(ctx context.Context, u *user) context.Context { // want WithPublic:"derives"
	return context.WithValue(ctx, publicKey{}, u)
}

func FromPublic(ctx context.Context) *user { // want FromPublic:"looks up at a risk"
	return ctx.Value(publicKey{}).(*user) // want `assertion to \*user panics where a caller of FromPublic has not stored a value under publicKey\{\}`
}

type publicKey struct{}

// KeyOfPublic is for other packages.
var KeyOfPublic publicKey

// An exported function hands its context to one that is not.
type sessionKey struct{}

func WithSession(ctx context.Context, u *user) context.Context { // want WithSession:"derives"
	return context.WithValue(ctx, sessionKey{}, u)
}

func session(ctx context.Context) *user {
	return ctx.Value(sessionKey{}).(*user) // want `assertion to \*user panics where a caller of SessionName has not stored a value under sessionKey\{\}`
}

func SessionName(ctx context.Context) string {
	return session(ctx).name
}

// MustSessionName says that it panics, and the other sees to it that there is one.
type securedKey struct{}

func WithSecured(ctx context.Context, u *user) context.Context { // want WithSecured:"derives"
	return context.WithValue(ctx, securedKey{}, u)
}

func secured(ctx context.Context) *user {
	return ctx.Value(securedKey{}).(*user)
}

func MustSecuredName(ctx context.Context) string {
	return secured(ctx).name
}

func ServeSecured(ctx context.Context, u *user) string {
	return secured(WithSecured(ctx, u)).name
}

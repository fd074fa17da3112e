package initwork

import (
	"go/ast"
	"go/constant"
	"go/types"
	"net/netip"
	"strings"
	"time"

	"github.com/heapvet/heapvet/lint"
)

// funcs are functions of other packages that take long, by package and name; methods have
// their type before the name.
var funcs = map[string]map[string]int{
	"net": {
		"Dial": network, "DialTimeout": network, "DialTCP": network, "DialUDP": network, "DialUnix": network, "DialIP": network,
		"Dialer.Dial": network, "Dialer.DialContext": network,
		"Listen": network, "ListenPacket": network, "ListenTCP": network, "ListenUDP": network, "ListenUnix": network,
		"ListenConfig.Listen": network, "ListenConfig.ListenPacket": network,
		"LookupHost": network, "LookupIP": network, "LookupAddr": network, "LookupCNAME": network, "LookupMX": network, "LookupNS": network,
		"LookupSRV": network, "LookupTXT": network,
		"Resolver.LookupHost": network, "Resolver.LookupIP": network, "Resolver.LookupIPAddr": network, "Resolver.LookupNetIP": network,
		"Resolver.LookupAddr": network, "Resolver.LookupCNAME": network, "Resolver.LookupMX": network, "Resolver.LookupNS": network,
		"Resolver.LookupSRV": network, "Resolver.LookupTXT": network,
		"ResolveTCPAddr": network, "ResolveUDPAddr": network, "ResolveIPAddr": network,
	},
	"net/http": {
		"Get": network, "Head": network, "Post": network, "PostForm": network,
		"Client.Get": network, "Client.Head": network, "Client.Post": network, "Client.PostForm": network, "Client.Do": network,
		"Transport.RoundTrip": network,
		"ListenAndServe":      network, "ListenAndServeTLS": network, "Server.ListenAndServe": network, "Server.ListenAndServeTLS": network,
	},
	"net/smtp":   {"Dial": network, "SendMail": network},
	"net/rpc":    {"Dial": network, "DialHTTP": network, "DialHTTPPath": network},
	"crypto/tls": {"Dial": network, "DialWithDialer": network, "Listen": network, "LoadX509KeyPair": file},
	"log/syslog": {"New": network, "Dial": network, "NewLogger": network},
	"database/sql": {
		"DB.Ping": network, "DB.PingContext": network, "DB.Query": network, "DB.QueryContext": network, "DB.QueryRow": network,
		"DB.QueryRowContext": network, "DB.Exec": network, "DB.ExecContext": network, "DB.Begin": network, "DB.BeginTx": network,
		"DB.Prepare": network, "DB.PrepareContext": network, "DB.Conn": network,
	},
	"github.com/jmoiron/sqlx":          {"Connect": network, "ConnectContext": network, "MustConnect": network},
	"github.com/jackc/pgx/v5":          {"Connect": network, "ConnectConfig": network},
	"github.com/jackc/pgx/v4":          {"Connect": network, "ConnectConfig": network},
	"gorm.io/gorm":                     {"Open": network},
	"github.com/rabbitmq/amqp091-go":   {"Dial": network, "DialConfig": network},
	"github.com/gomodule/redigo/redis": {"Dial": network, "DialURL": network},

	"os/exec": {
		"Cmd.Run": exec, "Cmd.Output": exec, "Cmd.CombinedOutput": exec, "Cmd.Start": exec, "Cmd.Wait": exec,
		"LookPath": file,
	},
	"time":   {"Sleep": sleep, "LoadLocation": file},
	"plugin": {"Open": file},

	"os": {
		"StartProcess": exec,
		"Open":         file, "OpenFile": file, "Create": file, "CreateTemp": file, "ReadFile": file, "WriteFile": file, "ReadDir": file,
		"Mkdir": file, "MkdirAll": file, "MkdirTemp": file, "Remove": file, "RemoveAll": file, "Rename": file, "Truncate": file,
		"CopyFS": file,
	},
	"io/ioutil":     {"ReadFile": file, "WriteFile": file, "ReadDir": file, "TempFile": file, "TempDir": file},
	"path/filepath": {"Walk": file, "WalkDir": file, "Glob": file, "EvalSymlinks": file},
	"os/user":       {"Current": file, "Lookup": file, "LookupId": file, "LookupGroup": file, "LookupGroupId": file},
	"text/template": {"ParseFiles": file, "ParseGlob": file, "Template.ParseFiles": file, "Template.ParseGlob": file},
	"html/template": {"ParseFiles": file, "ParseGlob": file, "Template.ParseFiles": file, "Template.ParseGlob": file},
	"syscall":       {"Open": file, "ForkExec": exec, "Exec": exec},

	"crypto/x509":                    {"SystemCertPool": file},
	"crypto/rsa":                     {"GenerateKey": compute, "GenerateMultiPrimeKey": compute},
	"crypto/dsa":                     {"GenerateParameters": compute},
	"crypto/pbkdf2":                  {"Key": compute},
	"golang.org/x/crypto/pbkdf2":     {"Key": compute},
	"golang.org/x/crypto/scrypt":     {"Key": compute},
	"golang.org/x/crypto/argon2":     {"Key": compute, "IDKey": compute},
	"golang.org/x/crypto/bcrypt":     {"GenerateFromPassword": compute, "CompareHashAndPassword": compute},
	"golang.org/x/tools/go/packages": {"Load": exec},
	"github.com/joho/godotenv":       {"Load": file, "Overload": file, "Read": file},
	"github.com/spf13/viper":         {"ReadInConfig": file, "MergeInConfig": file},
}

// likely are functions that take a part of a millisecond, or more if their input is large.
var likely = map[string]map[string]int{
	"regexp":        {"MustCompile": compute, "Compile": compute},
	"text/template": {"Template.Parse": compute, "Template.ParseFS": compute, "ParseFS": compute},
	"html/template": {"Template.Parse": compute, "Template.ParseFS": compute, "ParseFS": compute},
	"encoding/json": {"Unmarshal": compute, "Decoder.Decode": compute},
	"encoding/xml":  {"Unmarshal": compute, "Decoder.Decode": compute},
	"encoding/gob":  {"Decoder.Decode": compute},
	"encoding/csv":  {"Reader.ReadAll": compute},
	"compress/gzip": {"NewReader": compute},
	"compress/zlib": {"NewReader": compute},
	"os":            {"Stat": file, "Lstat": file, "Getwd": file, "Hostname": file, "UserHomeDir": file, "Readlink": file},
	"net":           {"Interfaces": network, "InterfaceAddrs": network},
	"os/signal":     {"Notify": goroutine},
}

// known looks a function of another package up. What is only likely to take long is noted
// as something that perhaps happens.
func (w *walker) known(fn *types.Func, call *ast.CallExpr) (kind int, ok bool) {
	path, name := fn.Pkg().Path(), nameOf(fn)
	if kind, ok = likely[path][name]; ok {
		if w.all {
			w.found(work{kind, call, []string{fullName(fn)}, true})
		}
		return 0, false
	}
	if kind, ok = funcs[path][name]; !ok || w.harmless(fn, call) {
		return 0, false
	}
	return kind, true
}

// harmless reports whether the arguments of the call make it cheap after all.
func (w *walker) harmless(fn *types.Func, call *ast.CallExpr) bool {
	switch {
	case lint.IsFunc(fn, "time", "Sleep"):
		d, ok := w.constant(call.Args[0])
		return ok && d < int64(time.Millisecond)
	case lint.IsFunc(fn, "time", "LoadLocation"):
		name, ok := w.text(call.Args[0])
		return ok && (name == "" || name == "UTC" || name == "Local")
	case lint.IsFunc(fn, "net", "ResolveTCPAddr", "ResolveUDPAddr", "ResolveIPAddr"):
		name, ok := w.text(call.Args[1])
		return !ok || isAddr(name)
	case lint.IsFunc(fn, "os", "OpenFile", "Open"):
		name, ok := w.text(call.Args[0])
		return ok && name == "/dev/null" || isDevNull(w.pass.TypesInfo, call.Args[0])
	case lint.IsFunc(fn, "syscall", "Exec"):
		return true // there is no program left to wait
	}
	return false
}

// isDevNull reports whether e is os.DevNull.
func isDevNull(info *types.Info, e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	c, ok := info.Uses[sel.Sel].(*types.Const)
	return ok && c.Pkg() != nil && c.Pkg().Path() == "os" && c.Name() == "DevNull"
}

// isAddr reports whether no name server is asked about the address.
func isAddr(s string) bool {
	if strings.HasPrefix(s, ":") {
		return true
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	_, err := netip.ParseAddrPort(s)
	return err == nil
}

func (w *walker) text(e ast.Expr) (string, bool) {
	v := w.pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// nameOf returns the name of a function, behind that of its type if it is a method.
func nameOf(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		if t, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named); ok {
			return t.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Name()
}

// fullName is how a message names a function of another package.
func fullName(fn *types.Func) string { return fn.Pkg().Name() + "." + nameOf(fn) }

package ctxvalue

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// checkServices reports values that functions need and yet do not ask for.
func (r *run) checkServices() {
	for i := range r.sets {
		o := &r.sets[i]
		mi, ok := o.value().(*ssa.MakeInterface)
		if !ok || !isService(mi.X.Type()) {
			continue
		}
		call := r.callExpr(o.call)
		if call == nil {
			continue
		}
		r.report(r.argument(call, o.call, o.val), service, fmt.Sprintf("%s in a context is a dependency that no signature shows, and that may be absent; "+
			"pass it as a parameter or keep it in a field", r.typeName(mi.X.Type())))
	}
}

// isService reports whether values of type t are no data of a request.
func isService(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Chan:
		return true
	}
	e := lint.Deref(t)
	return lint.IsNamed(e, "database/sql", "DB", "Conn", "Stmt") ||
		lint.IsNamed(e, "net/http", "Client", "Transport") ||
		lint.IsNamed(e, "sync", "Mutex", "RWMutex", "WaitGroup", "Cond", "Pool", "Map") ||
		lint.IsNamed(e, "gorm.io/gorm", "DB") ||
		lint.IsNamed(e, "github.com/jmoiron/sqlx", "DB") ||
		lint.IsNamed(e, "github.com/jackc/pgx/v5/pgxpool", "Pool") ||
		lint.IsNamed(e, "github.com/redis/go-redis/v9", "Client") ||
		lint.IsNamed(e, "google.golang.org/grpc", "ClientConn")
}

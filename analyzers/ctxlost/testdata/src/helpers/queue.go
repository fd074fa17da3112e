package helpers

import "context"

// A Letter is sent when its turn comes.
type Letter struct {
	Ctx  context.Context // want Ctx:`worked under by o.m.Send`
	Span context.Context // for the trace alone
	To   string
}

type Outbox struct {
	letters chan Letter
	m       Mailer
}

func (o *Outbox) run() {
	for l := range o.letters {
		if err := o.m.Send(l.Ctx, l.To); err != nil {
			note(l.Span, err)
		}
	}
}

func note(context.Context, error) {}

// Put leaves a letter.
func (o *Outbox) Put(l Letter) { // want Put:`starts calls\[\] works\[\] sends\[0\] queues\[\]`
	o.letters <- l
}

// Post makes one.
func (o *Outbox) Post(ctx context.Context, to string) { // want Post:`starts calls\[\] works\[\] sends\[\] queues\[0\]`
	select {
	case o.letters <- Letter{Ctx: ctx, To: to}:
	default:
	}
}

// Traced has nothing that works under ctx.
func (o *Outbox) Traced(ctx context.Context, to string) {
	o.letters <- Letter{Ctx: context.Background(), Span: ctx, To: to}
}

// Wait is Post for those who wait.
func (o *Outbox) Wait(ctx context.Context, to string, done <-chan error) error {
	o.letters <- Letter{Ctx: ctx, To: to}
	return <-done
}

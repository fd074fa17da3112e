//go:build ignore

// Set-up that fails shuts down what it has started.

package main

import "errors"

type lifecycle struct{ quiescing chan struct{} }

func newLifecycle() *lifecycle { return &lifecycle{quiescing: make(chan struct{})} }

func (l *lifecycle) Quiescing() <-chan struct{} {
	if l == nil {
		return nil
	}
	return l.quiescing
}

func (l *lifecycle) Shutdown() { close(l.quiescing) }

type auditQueue struct{ seen int }

func (q *auditQueue) process(r *region) {
	q.seen++
	<-r.node.Lifecycle().Quiescing()
}

type node struct {
	life  *lifecycle
	audit *auditQueue
}

func (n *node) Lifecycle() *lifecycle { return n.life }

type region struct{ node *node }

type deployment struct {
	node   *node
	region *region
}

func (d *deployment) start(life *lifecycle) {
	if d.node == nil {
		d.node = &node{audit: &auditQueue{}}
	}
	d.node.life = life
	d.region = &region{node: d.node}
	go d.node.audit.process(d.region)
}

func deploy(images []string) (*deployment, error) {
	life := newLifecycle()
	d := &deployment{}
	d.start(life)
	if len(images) == 0 {
		life.Shutdown()
		return nil, errors.New("nothing to deploy")
	}
	return d, nil
}

func run() {
	if d, err := deploy([]string{"web"}); err == nil {
		d.node.life.Shutdown()
	}
	deploy(nil)
}

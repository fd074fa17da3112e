// Package stucklock reports locks that are never free again.
//
// # Analyzer stucklock
//
// stucklock: find Lock calls that wait forever
//
// A mutex that is not unlocked on one path, or that is taken again by the goroutine
// that holds it, stops every goroutine that comes to it afterwards: requests pile up
// behind it, each with its stack and all that it points to, until the service is
// killed. No error is reported, and the cause is not in any of the stacks.
//
// The check follows every path of a function with the locks that it holds, through
// the functions of the package that it calls and those of other packages of the module that
// return with a lock of an argument or release one, and knows a lock by the variable and
// the fields that lead to it. A path that returns with a lock held while others
// unlock it (missing-unlock):
//
//	// WRONG
//	func (c *cache) get(key string) (string, error) {
//		c.mu.Lock()
//		v, ok := c.items[key]
//		if !ok {
//			return "", errMissing
//		}
//		c.mu.Unlock()
//		return v, nil
//	}
//
//	// RIGHT
//	func (c *cache) lookup(key string) (string, error) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		v, ok := c.items[key]
//		if !ok {
//			return "", errMissing
//		}
//		return v, nil
//	}
//
// A lock is taken by who holds it already, here or in a function that it calls
// (double-lock), or in a literal that it gives to a function which calls it under the lock;
// methods of other packages of the module count, too. So does the lock of the object that an
// element of it points back to, or what one of its fields has, where such objects are put into the
// object that they point to. Where a program or a test makes only one object of a type, its lock is
// known by any name.
// A sync.Once holds itself like a lock: what it runs must not come back to it.
// Reported at the Lock that waits; the calls that lead to it are named. A second caller
// that leads to the same Lock is reported at its call:
//
//	// WRONG
//	func (c *cache) reset() {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		c.items = make(map[string]string)
//		c.note("reset")
//	}
//
//	func (c *cache) note(what string) {
//		c.mu.Lock()
//		c.log = append(c.log, what)
//		c.mu.Unlock()
//	}
//
// A read lock is taken twice (recursive-rlock). That works until a Lock of another
// goroutine waits in between: it lets no new reader in, and waits for the first one:
//
//	// WRONG
//	func (t *table) total() int {
//		t.mu.RLock()
//		defer t.mu.RUnlock()
//		return t.count("a") + t.count("b")
//	}
//
//	func (t *table) count(name string) int {
//		t.mu.RLock()
//		defer t.mu.RUnlock()
//		return t.rows[name]
//	}
//
//	func (t *table) add(name string) {
//		t.mu.Lock()
//		defer t.mu.Unlock()
//		t.rows[name]++
//	}
//
// Two locks are taken in both orders (lock-order). Each of two goroutines gets one
// and waits for the other:
//
//	// WRONG
//	func (b *bank) deposit() {
//		b.in.Lock()
//		defer b.in.Unlock()
//		b.out.Lock()
//		defer b.out.Unlock()
//		b.sum++
//	}
//
//	func (b *bank) withdraw() {
//		b.out.Lock()
//		defer b.out.Unlock()
//		b.in.Lock()
//		defer b.in.Unlock()
//		b.sum--
//	}
//
// So it is with the lock of an object and that of its elements, and with a function that takes
// two locks, releases the first for a while and takes it again.
//
// So it is with two objects of one type that a function locks in the order of its arguments,
// where callers pass the same two in both orders, or any two elements of a container, and nothing
// compares them, as by an id; or where any package may call it and it does the same to both, as who
// moves something.
//
// Somebody waits for a goroutine and holds a lock meanwhile that this goroutine needs
// before it can answer (blocked-holding); a channel, a WaitGroup or a Cond, all the same:
//
//	// WRONG
//	func (w *worker) stop() {
//		w.mu.Lock()
//		defer w.mu.Unlock()
//		close(w.jobs)
//		<-w.done
//	}
//
//	func (w *worker) loop() {
//		defer close(w.done)
//		for job := range w.jobs {
//			w.mu.Lock()
//			w.results = append(w.results, job())
//			w.mu.Unlock()
//		}
//	}
//
// So it is with who waits for a place of a semaphore, where places are given back under the lock, and
// with a send under the lock to a goroutine that needs it once it leaves its loop, after an error.
//
// A function that returns the function which unlocks is followed to its callers: those that
// leave without calling it are reported, those that keep it or hand it on are not. So is one
// that returns what it has locked, to those that do not unlock it. One that returns an error with
// the lock, for which several callers do not unlock it, is reported itself.
//
// Not reported: functions that return holding a lock for their caller, or whose
// callers unlock for them, as far as anything in the package unlocks what it has not
// locked; the same field of another object; calls that are not known; paths that end
// the program or the test; tests of other code (with -all); a read lock that is taken
// twice while another lock keeps those away who would take it for writing.
//
// A method String or Error counts as called where package fmt or log is given the
// object. Lock types of other packages count as mutexes if they are a sync.Locker.
//
// With -all, locks that are taken again only for some arguments, or through a call
// that may be to several functions, are reported too; locks of different structs, where
// nothing shows that it is the same two objects in both places; and a lock that is
// taken again by a function which its own object holds, or through a pointer of one of
// its elements that may lead to another object.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	c.mu.Lock() //nolint:stucklock // commit unlocks it
package stucklock

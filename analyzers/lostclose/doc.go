// Package lostclose defines a check for files, transactions and the like that are left open.
//
// # Analyzer lostclose
//
// lostclose: files, transactions and more that are left open
//
// A file or connection that is not closed on one path keeps its descriptor until the
// garbage collector happens to find it (file):
//
//	// WRONG
//	func size(path string) (int64, error) {
//		f, err := os.Open(path)
//		if err != nil {
//			return 0, err
//		}
//		info, err := f.Stat()
//		if err != nil {
//			return 0, err
//		}
//		f.Close()
//		return info.Size(), nil
//	}
//
//	// RIGHT
//	func sizeAndClose(path string) (int64, error) {
//		f, err := os.Open(path)
//		if err != nil {
//			return 0, err
//		}
//		defer f.Close()
//		info, err := f.Stat()
//		if err != nil {
//			return 0, err
//		}
//		return info.Size(), nil
//	}
//
// A compressor or archive keeps the end of what was written to it until Close
// (writer); without it, the output is cut short:
//
//	// WRONG
//	func compress(data []byte) ([]byte, error) {
//		var buf bytes.Buffer
//		zw := gzip.NewWriter(&buf)
//		if _, err := zw.Write(data); err != nil {
//			return nil, err
//		}
//		return buf.Bytes(), nil
//	}
//
//	// RIGHT
//	func compressAndClose(data []byte) ([]byte, error) {
//		var buf bytes.Buffer
//		zw := gzip.NewWriter(&buf)
//		if _, err := zw.Write(data); err != nil {
//			return nil, err
//		}
//		if err := zw.Close(); err != nil {
//			return nil, err
//		}
//		return buf.Bytes(), nil
//	}
//
// A transaction that is neither committed nor rolled back keeps its connection, and
// in the database its locks (transaction):
//
//	// WRONG
//	func rename(db *sql.DB, from, to string) error {
//		tx, err := db.Begin()
//		if err != nil {
//			return err
//		}
//		if _, err := tx.Exec("UPDATE users SET name = ? WHERE name = ?", to, from); err != nil {
//			return err
//		}
//		return tx.Commit()
//	}
//
//	// RIGHT
//	func renameOrRollBack(db *sql.DB, from, to string) error {
//		tx, err := db.Begin()
//		if err != nil {
//			return err
//		}
//		defer tx.Rollback() // of no effect after Commit
//		if _, err := tx.Exec("UPDATE users SET name = ? WHERE name = ?", to, from); err != nil {
//			return err
//		}
//		return tx.Commit()
//	}
//
// The garbage collector knows nothing of memory that was mapped (mmap), of the
// channels that signal.Notify got (signal), and of who has subscribed to something
// (subscription): these stay for as long as the process lives.
//
//	// WRONG
//	func waitForInterrupt() {
//		c := make(chan os.Signal, 1)
//		signal.Notify(c, os.Interrupt)
//		<-c
//	}
//
//	// RIGHT
//	func waitForInterruptAndStop() {
//		c := make(chan os.Signal, 1)
//		signal.Notify(c, os.Interrupt)
//		defer signal.Stop(c)
//		<-c
//	}
//
// What another function of the module opens for its caller is followed as well, also
// as part of an object with a method that closes it.
//
// Who returns or keeps the reader that gzip.NewReader makes of a file, as something to be closed, and
// nothing else of the file, is told that Close of it does not close the file.
//
// Not reported: what is returned, stored, sent or given to code out of sight, which
// may close it; what is dropped where the process ends then; what an option of the function or its object decides about; a writer on a path
// that returns an error, or ends a pipe with one, or that has failed itself and of which nothing is returned (with -all); the function main, which
// ends the process; files outside of loops in what main calls once and in commands that do their
// work once (with -all); what main calls once, or a package in a folder cmd or with the commands of a program does,
// as far as signals and subscriptions go; test files, and folders below test or tests, e2e and
// testutil. A response body is a matter of lostbody.
//
// The fix adds a deferred call behind the check of the error, where nothing else
// releases what was opened. It is not offered for writers, whose error counts.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	f, err := os.Open(path) //nolint:lostclose // open as long as we run
package lostclose

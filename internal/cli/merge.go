package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"honnef.co/go/tools/sarif"
)

const mergeUsage = "usage: heapvet merge FILE.sarif… (of -format sarif, such as those of -shard 1/2 and -shard 2/2)"

// merge writes one SARIF log of several: what a run over all their packages would have
// written. Its exit code is that of such a run.
func merge(c *command, ctx context.Context, args []string) (int, error) {
	if len(args) == 0 || args[0] == "-h" {
		return 0, errors.New(mergeUsage)
	}
	var all *sarifLog
	for _, name := range args {
		log, err := readLog(name)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		if all == nil {
			all = log
			continue
		}
		run, more := &all.Runs[0], log.Runs[0]
		run.Results = append(run.Results, more.Results...)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, more.Tool.Driver.Rules...)
		run.Invocations[0].ExecutionSuccessful = run.Invocations[0].ExecutionSuccessful && more.Invocations[0].ExecutionSuccessful
		if v, w := run.Tool.Driver.Version, more.Tool.Driver.Version; v != w {
			return 0, fmt.Errorf("%s is of heapvet %s, and the files before it of %s", name, w, v)
		}
	}
	run := &all.Runs[0]
	run.Tool.Driver.Rules = mergeRules(run.Tool.Driver.Rules)
	run.Results = mergeResults(run.Results)
	if err := encodeSARIF(c.stdout, all); err != nil {
		return 0, err
	}
	switch {
	case !run.Invocations[0].ExecutionSuccessful:
		return 0, errors.New("one of the runs could not analyse all its packages; its output tells which")
	case len(run.Results) > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

func readLog(name string) (*sarifLog, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	log := new(sarifLog)
	if err := json.Unmarshal(data, log); err != nil {
		return nil, fmt.Errorf("is no SARIF: %w", err)
	}
	if len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name != "heapvet" || len(log.Runs[0].Invocations) != 1 {
		return nil, errors.New("was not written by heapvet -format sarif")
	}
	return log, nil
}

func mergeRules(rules []sarif.ReportingDescriptor) []sarif.ReportingDescriptor {
	slices.SortStableFunc(rules, func(a, b sarif.ReportingDescriptor) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(rules, func(a, b sarif.ReportingDescriptor) bool { return a.ID == b.ID })
}

// mergeResults sorts results by place, and drops those that two logs have in common.
func mergeResults(results []sarifResult) []sarifResult {
	place := func(r sarifResult) (string, sarif.Region) {
		if len(r.Locations) == 0 {
			return "", sarif.Region{}
		}
		p := r.Locations[0].PhysicalLocation
		return p.ArtifactLocation.URI, p.Region
	}
	slices.SortStableFunc(results, func(a, b sarifResult) int {
		aFile, aRegion := place(a)
		bFile, bRegion := place(b)
		return cmp.Or(
			cmp.Compare(aFile, bFile),
			cmp.Compare(aRegion.StartLine, bRegion.StartLine),
			cmp.Compare(aRegion.StartColumn, bRegion.StartColumn),
			cmp.Compare(a.RuleID, b.RuleID),
			cmp.Compare(a.Message.Text, b.Message.Text),
		)
	})
	return slices.CompactFunc(results, func(a, b sarifResult) bool {
		aFile, aRegion := place(a)
		bFile, bRegion := place(b)
		return aFile == bFile && aRegion == bRegion && a.RuleID == b.RuleID && a.Message == b.Message
	})
}

package steps

import (
	"context"
	"fmt"
	"slices"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/lineage"
)

// The documents that --lineage loaded lie there for all of the run. No scenario
// changes them: those that do store copies of their own.

var lineageSteps = chapter{noun: "old document", family: connectorAPI, rows: []row{
	{`Then each old document is read as it was loaded`,
		"Reads each document that --lineage has loaded by its id, both ways.",
		"", (*lists).oldAsLoaded},
	{`Then each old connector is listed as it is stored`,
		"Looks for each connector that --lineage has loaded in the list of connectors.",
		"", (*lists).oldConnectorsListed},
	{`Then each old sync job is in every view`,
		"Looks for each sync job that --lineage has loaded as \"are in every view\" does.",
		"", (*lists).oldJobsInView},
}}

// eachOld does something with each of the documents of a kind, "" for all. Where
// there are none, nothing was seen.
func (l *lists) eachOld(kind string, do func(th *thing, d lineage.Loaded) error) error {
	old := slices.DeleteFunc(slices.Clone(l.deps.Shared.old), func(d lineage.Loaded) bool { return kind != "" && kind != d.Kind })
	if len(old) == 0 {
		return &SkipError{Reason: lineage.Missing}
	}
	for _, d := range old {
		th, err := l.use(d.Kind, d.ID)
		if err != nil {
			return err
		}
		th.foreign, th.bystander = true, false
		if err := do(th, d); err != nil {
			return err
		}
	}
	return nil
}

func (l *lists) oldAsLoaded(ctx context.Context) error {
	return l.eachOld("", func(th *thing, d lineage.Loaded) error {
		s, err := l.look(ctx, th)
		if err != nil {
			return err
		}
		loaded, err := jsonval.Decode(d.Body)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", d.Lineage, d.Name, err)
		}
		if diff := jsonval.Diff(loaded, any(s.fields())); len(diff) > 0 {
			return failf(s.read, sides(diff, false), sides(diff, true), "%s of the lineage %s is not what it was when it was loaded", d.Name, d.Lineage)
		}
		return nil
	})
}

func (l *lists) oldConnectorsListed(ctx context.Context) error {
	return l.eachOld(connectorName, func(th *thing, _ lineage.Loaded) error {
		return l.connectorAsStored(ctx, theConnector{th})
	})
}

func (l *lists) oldJobsInView(ctx context.Context) error {
	return l.eachOld("sync job", func(th *thing, d lineage.Loaded) error {
		return l.idsInEveryView(ctx, theConnector{&thing{id: d.Connector}}, []string{th.id})
	})
}

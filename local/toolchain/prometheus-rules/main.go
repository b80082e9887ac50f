// Command prometheus-rules reads alert rules and queries as Prometheus does, with its own code, for tests.
//
// It takes one JSON object from standard input and answers with one: the faults of the rules, and what each query selects among the
// series that are given.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/teststorage"
)

type input struct {
	// A file of rules, as Prometheus takes it.
	Rules string `json:"rules"`
	// Each: labels with `__name__`, and pairs of a time in seconds and a value, in order.
	Series []struct {
		Labels  map[string]string `json:"labels"`
		Samples [][2]float64      `json:"samples"`
	} `json:"series"`
	Queries []string `json:"queries"`
	// The time that the queries are asked at, in seconds.
	At float64 `json:"at"`
}

type output struct {
	Faults []string `json:"faults"`
	// For each query the labels of what it selects.
	Selected [][]map[string]string `json:"selected"`
}

func main() {
	var asked input
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&asked)
	var told output
	if err == nil {
		told, err = answer(asked)
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(told)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(asked input) (output, error) {
	told := output{Faults: []string{}, Selected: [][]map[string]string{}}
	if asked.Rules != "" {
		silent := slog.New(slog.NewTextHandler(io.Discard, nil))
		_, faults := rulefmt.Parse([]byte(asked.Rules), false, model.UTF8Validation, parser.NewParser(parser.Options{}), silent)
		for _, fault := range faults {
			told.Faults = append(told.Faults, fault.Error())
		}
	}
	store, err := teststorage.NewWithError()
	if err != nil {
		return told, err
	}
	defer store.Close()
	appender := store.Appender(context.Background())
	for _, one := range asked.Series {
		for _, sample := range one.Samples {
			if _, err := appender.Append(0, labels.FromMap(one.Labels), int64(sample[0]*1000), sample[1]); err != nil {
				return told, err
			}
		}
	}
	if err := appender.Commit(); err != nil {
		return told, err
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})
	defer engine.Close()
	for _, query := range asked.Queries {
		found, err := selected(engine, store, query, asked.At)
		if err != nil {
			return told, fmt.Errorf("%s: %w", query, err)
		}
		told.Selected = append(told.Selected, found)
	}
	return told, nil
}

func selected(engine *promql.Engine, store *teststorage.TestStorage, query string, at float64) ([]map[string]string, error) {
	prepared, err := engine.NewInstantQuery(context.Background(), store, nil, query, time.UnixMilli(int64(at*1000)))
	if err != nil {
		return nil, err
	}
	defer prepared.Close()
	result := prepared.Exec(context.Background())
	if result.Err != nil {
		return nil, result.Err
	}
	vector, err := result.Vector()
	if err != nil {
		return nil, err
	}
	found := []map[string]string{}
	for _, sample := range vector {
		found = append(found, sample.Metric.Map())
	}
	return found, nil
}

// Command flux-logic decides what Flux decides, with the code of Flux's own modules, for tests.
//
// It reads requests from standard input, one JSON object a line, {"command": "…", "input": {…}}, and answers each with one line,
// {"output": …} or {"error": "…"}. Fields it does not know are errors. It ends with its input.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

type request struct {
	Command string          `json:"command"`
	Input   json.RawMessage `json:"input"`
}

type answer struct {
	Output any    `json:"output,omitempty"`
	Error  string `json:"error,omitempty"`
}

type command func(ctx context.Context, input []byte) (any, error)

var commands = map[string]command{
	"automate":     typed(automate),
	"git-ref":      typed(gitRef),
	"image-policy": typed(imagePolicy),
	"notification": typed(notification),
	"receive":      typed(receive),
	"serve-git":    typed(serveGit),
	"set-images":   typed(setImages),
	"substitute":   typed(substitute),
	"webhook-path": typed(webhookPath),
}

func main() {
	// The controllers say what they do in their log; what matters of it is in their answers.
	log.SetLogger(logr.Discard())
	input := json.NewDecoder(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for {
		var asked request
		if err := input.Decode(&asked); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "the request is no JSON object:", err)
			os.Exit(1)
		}
		if err := output.Encode(run(asked)); err != nil {
			fmt.Fprintln(os.Stderr, "the answer cannot be written:", err)
			os.Exit(1)
		}
	}
}

func run(asked request) answer {
	do, known := commands[asked.Command]
	if !known {
		return answer{Error: fmt.Sprintf("there is no command %q", asked.Command)}
	}
	output, err := do(context.Background(), asked.Input)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: output}
}

// typed makes a command of a function with a typed input.
func typed[I any, O any](do func(context.Context, I) (O, error)) command {
	return func(ctx context.Context, raw []byte) (any, error) {
		var input I
		if err := decode(raw, &input); err != nil {
			return nil, fmt.Errorf("the input does not fit: %w", err)
		}
		return do(ctx, input)
	}
}

// decode refuses fields that the target does not have, as the API server does.
func decode(raw []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Between two attempts, and for one answer.
const (
	pause      = time.Second
	answerTime = 5 * time.Second
)

// check asks url until it answers with 2xx or ctx ends: `app check URL`, a test that needs no other image and no shell.
func check(ctx context.Context, url string) error {
	client := http.Client{Timeout: answerTime}
	for {
		err := ask(ctx, &client, url)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer as it should: %w", url, err)
		case <-time.After(pause):
		}
	}
}

func ask(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return errors.New(answer.Status)
	}
	return nil
}

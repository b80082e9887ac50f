package main

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/fluxcd/pkg/git"
	"github.com/fluxcd/pkg/git/gogit"
	"github.com/fluxcd/pkg/git/repository"

	source "github.com/fluxcd/source-controller/api/v1"
)

type gitRefInput struct {
	Spec source.GitRepositorySpec `json:"spec"`
	// What is in the Secret of `spec.secretRef`.
	Secret map[string]string `json:"secret"`
}

type gitRefOutput struct {
	// As in the status of a GitRepository, for example `v1.2.0@sha1:…`.
	Revision  string `json:"revision"`
	Reference string `json:"reference"`
	Commit    string `json:"commit"`
	// The files of the commit, in order.
	Files []string `json:"files"`
}

// gitRef clones a repository as source-controller does (gitrepository_controller.go: getAuthOpts, gitCheckout).
func gitRef(ctx context.Context, input gitRefInput) (*gitRefOutput, error) {
	address, err := url.Parse(input.Spec.URL)
	if err != nil {
		return nil, err
	}
	data := map[string][]byte{}
	for key, value := range input.Secret {
		data[key] = []byte(value)
	}
	authentication, err := git.NewAuthOptions(*address, data)
	if err != nil {
		return nil, fmt.Errorf("failed to configure authentication options: %w", err)
	}
	folder, err := os.MkdirTemp("", "flux-logic-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	reader, err := gogit.NewClient(folder, authentication, gogit.WithDiskStorage())
	if err != nil {
		return nil, fmt.Errorf("failed to create Git client: %w", err)
	}
	defer reader.Close()
	clone := repository.CloneConfig{RecurseSubmodules: input.Spec.RecurseSubmodules, ShallowClone: true}
	if ref := input.Spec.Reference; ref != nil {
		clone.Branch, clone.Commit, clone.Tag, clone.SemVer, clone.RefName = ref.Branch, ref.Commit, ref.Tag, ref.SemVer, ref.Name
	}
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	commit, err := reader.Clone(limited, input.Spec.URL, clone)
	if err != nil {
		return nil, fmt.Errorf("failed to checkout and determine revision: %w", err)
	}
	files, err := filesIn(folder)
	return &gitRefOutput{Revision: commit.String(), Reference: commit.Reference, Commit: commit.Hash.String(), Files: files}, err
}

func filesIn(folder string) ([]string, error) {
	files := []string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".git":
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		relative, err := filepath.Rel(folder, path)
		files = append(files, filepath.ToSlash(relative))
		return err
	})
	return files, err
}

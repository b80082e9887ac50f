package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

type substituteInput struct {
	// What the kustomize build of the path gave: YAML documents.
	Manifests string `json:"manifests"`
	// Of the Flux Kustomization: `spec.postBuild`, and its namespace, in which the sources of variables are.
	PostBuild map[string]any `json:"postBuild"`
	Namespace string         `json:"namespace"`
	// ConfigMaps and Secrets that postBuild.substituteFrom names.
	Objects []json.RawMessage `json:"objects"`
	// Whether a variable without a value or a default is an error: the controller's gate StrictPostBuildSubstitutions.
	Strict bool `json:"strict"`
}

// substitute does what kustomize-controller does between build and apply, and returns the YAML documents.
func substitute(ctx context.Context, input substituteInput) (string, error) {
	objects, err := objectsOf(input.Objects)
	if err != nil {
		return "", err
	}
	disk := filesys.MakeFsInMemory()
	for file, content := range map[string]string{"kustomization.yaml": "resources: [manifests.yaml]\n", "manifests.yaml": input.Manifests} {
		if err := disk.WriteFile(file, []byte(content)); err != nil {
			return "", err
		}
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(disk, ".")
	if err != nil {
		return "", err
	}
	kustomization := unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"postBuild": input.PostBuild}}}
	kustomization.SetNamespace(input.Namespace)
	cluster := clusterOf(objects...)
	documents := []string{}
	for _, resource := range resources.Resources() {
		changed, err := kustomize.SubstituteVariables(ctx, cluster, kustomization, resource, kustomize.SubstituteWithStrict(input.Strict))
		if err != nil {
			return "", err
		}
		// Nothing is returned for what is exempt.
		if changed == nil {
			changed = resource
		}
		document, err := changed.AsYAML()
		if err != nil {
			return "", err
		}
		documents = append(documents, string(document))
	}
	return strings.Join(documents, "---\n"), nil
}

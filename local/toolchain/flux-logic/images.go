package main

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	automationapi "github.com/fluxcd/image-automation-controller/api/v1"
	automation "github.com/fluxcd/image-automation-controller/mooring"
	reflectorapi "github.com/fluxcd/image-reflector-controller/api/v1"
	reflector "github.com/fluxcd/image-reflector-controller/mooring"
)

// condition is the Ready condition that a controller leaves on an object.
type condition struct {
	Ready   bool   `json:"ready"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func conditionOf(conditions []metav1.Condition) condition {
	for _, one := range conditions {
		if one.Type == "Ready" {
			return condition{Ready: one.Status == metav1.ConditionTrue, Reason: one.Reason, Message: one.Message}
		}
	}
	return condition{}
}

type imagePolicyInput struct {
	// The image without a tag, as in an ImageRepository.
	Image string `json:"image"`
	// What the registry has.
	Tags []string                     `json:"tags"`
	Spec reflectorapi.ImagePolicySpec `json:"spec"`
	// The status the policy had before.
	LatestRef *reflectorapi.ImageRef `json:"latestRef"`
}

type imagePolicyOutput struct {
	condition
	LatestRef *reflectorapi.ImageRef `json:"latestRef,omitempty"`
}

// imagePolicy reconciles one ImagePolicy over a repository that was scanned before.
func imagePolicy(ctx context.Context, input imagePolicyInput) (*imagePolicyOutput, error) {
	repository := &reflectorapi.ImageRepository{ObjectMeta: metav1.ObjectMeta{Namespace: "flux", Name: input.Spec.ImageRepositoryRef.Name}}
	repository.Spec.Image = input.Image
	repository.Status.CanonicalImageName = input.Image
	policy := &reflectorapi.ImagePolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "flux", Name: "policy"}, Spec: input.Spec}
	policy.Status.LatestRef = input.LatestRef
	after, err := reflector.Reconcile(ctx, clusterOf(repository, policy), client.ObjectKeyFromObject(policy), input.Tags)
	if err != nil {
		return nil, err
	}
	return &imagePolicyOutput{condition: conditionOf(after.Status.Conditions), LatestRef: after.Status.LatestRef}, nil
}

type setImagesInput struct {
	// The work tree; files with markers in it are changed in place.
	Folder string `json:"folder"`
	// An ImageUpdateAutomation and the ImagePolicies of its namespace.
	Objects []json.RawMessage `json:"objects"`
}

// setImages changes a folder as the automation would, without git, and renders the message of its commit.
func setImages(ctx context.Context, input setImagesInput) (*automation.Update, error) {
	cluster, key, err := automationIn(input.Objects)
	if err != nil {
		return nil, err
	}
	return automation.SetImages(ctx, cluster, key, input.Folder)
}

type automateInput struct {
	// An ImageUpdateAutomation, the ImagePolicies, its GitRepository and the Secret of that.
	Objects []json.RawMessage `json:"objects"`
}

type automateOutput struct {
	condition
	// The commit that was pushed, empty when none was.
	LastPushCommit string   `json:"lastPushCommit"`
	Events         []string `json:"events"`
}

// automate reconciles an ImageUpdateAutomation: clone, update, commit, push.
func automate(ctx context.Context, input automateInput) (*automateOutput, error) {
	cluster, key, err := automationIn(input.Objects)
	if err != nil {
		return nil, err
	}
	after, events, err := automation.Reconcile(ctx, cluster, key)
	if err != nil {
		return nil, err
	}
	return &automateOutput{condition: conditionOf(after.Status.Conditions), LastPushCommit: after.Status.LastPushCommit, Events: events}, nil
}

// automationIn puts the objects into a cluster and names the automation among them.
func automationIn(raw []json.RawMessage) (client.Client, types.NamespacedName, error) {
	objects, err := objectsOf(raw)
	if err != nil {
		return nil, types.NamespacedName{}, err
	}
	for _, object := range objects {
		if found, ok := object.(*automationapi.ImageUpdateAutomation); ok {
			return clusterOf(objects...), client.ObjectKeyFromObject(found), nil
		}
	}
	return nil, types.NamespacedName{}, fmt.Errorf("objects: there is no ImageUpdateAutomation among them")
}

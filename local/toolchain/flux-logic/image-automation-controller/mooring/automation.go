// Package mooring is added to a copy of the released module, because only packages inside it may import its internal ones.
package mooring

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	imagev1 "github.com/fluxcd/image-automation-controller/api/v1"
	"github.com/fluxcd/image-automation-controller/internal/controller"
	"github.com/fluxcd/image-automation-controller/internal/policy"
	"github.com/fluxcd/image-automation-controller/internal/source"
)

// Change is one value that was set.
type Change struct {
	File     string `json:"file"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Setter   string `json:"setter"`
	OldValue string `json:"oldValue"`
	NewValue string `json:"newValue"`
}

// Update is what was done to a folder.
type Update struct {
	// In the order of files and setters.
	Changes []Change `json:"changes"`
	// Of the commit; empty when nothing changed, since then there is none.
	Message string `json:"message"`
}

// SetImages does what the controller does between clone and commit.
func SetImages(ctx context.Context, cluster client.Client, key types.NamespacedName, folder string) (*Update, error) {
	automation := &imagev1.ImageUpdateAutomation{}
	if err := cluster.Get(ctx, key, automation); err != nil {
		return nil, err
	}
	policies, err := controller.Policies(ctx, cluster, automation.Namespace, automation.Spec.PolicySelector)
	if err != nil {
		return nil, err
	}
	result, err := policy.ApplyPolicies(ctx, folder, automation, policies)
	if err != nil {
		return nil, err
	}
	update := &Update{Changes: []Change{}}
	for file, objects := range result.FileChanges {
		for object, changes := range objects {
			for _, one := range changes {
				update.Changes = append(update.Changes, Change{file, object.Kind, object.Name, one.Setter, one.OldValue, one.NewValue})
			}
		}
	}
	slices.SortFunc(update.Changes, func(a, b Change) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Setter, b.Setter)) })
	if len(update.Changes) == 0 {
		return update, nil
	}
	if automation.Spec.GitSpec == nil {
		return nil, errors.New("the ImageUpdateAutomation has no spec.git")
	}
	commit := automation.Spec.GitSpec.Commit
	update.Message, err = source.Message(commit.MessageTemplate, &source.TemplateData{
		AutomationObject: key, Changed: result, Values: commit.MessageTemplateValues,
	})
	return update, err
}

// Reconcile reconciles an ImageUpdateAutomation, as the controller does under the chart's lockdown, and returns it as it is then, with the
// events of it. A failure is no error: the Ready condition says why.
func Reconcile(ctx context.Context, cluster client.Client, key types.NamespacedName) (*imagev1.ImageUpdateAutomation, []string, error) {
	recorder := record.NewFakeRecorder(10)
	reconciler := controller.NewReconciler(cluster, recorder)
	// The first adds the finalizer. Of the second's error the condition speaks, unless it could not be written.
	var failure error
	for range 2 {
		_, failure = reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: key})
	}
	automation := &imagev1.ImageUpdateAutomation{}
	if err := cluster.Get(ctx, key, automation); err != nil {
		return nil, nil, err
	}
	if len(automation.Status.Conditions) == 0 {
		return nil, nil, failure
	}
	close(recorder.Events)
	events := []string{}
	for event := range recorder.Events {
		events = append(events, event)
	}
	return automation, events, nil
}

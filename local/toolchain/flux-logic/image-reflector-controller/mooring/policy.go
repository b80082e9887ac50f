// Package mooring is added to a copy of the released module, because only packages inside it may import its internal ones.
package mooring

import (
	"context"
	"time"

	"github.com/fluxcd/pkg/runtime/acl"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"
	"github.com/fluxcd/image-reflector-controller/internal/controller"
	"github.com/fluxcd/image-reflector-controller/internal/registry"
)

// tags is what a scan found.
type tags []string

func (t tags) Tags(string) ([]string, error) { return t, nil }

// Reconcile reconciles an ImagePolicy, as the controller does under the chart's lockdown, and returns it as it is then. A policy that
// selects nothing is no error: its Ready condition says why.
func Reconcile(ctx context.Context, cluster client.Client, key types.NamespacedName, found []string) (*imagev1.ImagePolicy, error) {
	reconciler := &controller.ImagePolicyReconciler{
		Client:                    cluster,
		EventRecorder:             record.NewFakeRecorder(10),
		ControllerName:            "image-reflector-controller",
		Database:                  tags(found),
		ACLOptions:                acl.Options{NoCrossNamespaceRefs: true},
		AuthOptionsGetter:         &registry.AuthOptionsGetter{Client: cluster},
		DependencyRequeueInterval: 30 * time.Second,
	}
	// The first adds the finalizer. Of the second's error the condition speaks, unless it could not be written.
	var failure error
	for range 2 {
		_, failure = reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: key})
	}
	policy := &imagev1.ImagePolicy{}
	if err := cluster.Get(ctx, key, policy); err != nil {
		return nil, err
	}
	if len(policy.Status.Conditions) == 0 {
		return nil, failure
	}
	return policy, nil
}

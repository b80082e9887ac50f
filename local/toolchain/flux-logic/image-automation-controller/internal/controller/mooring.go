package controller

import (
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/fluxcd/image-automation-controller/internal/features"
)

// Policies is what an automation in a namespace sees.
var Policies = getPolicies

// NewReconciler is one as main.go and SetupWithManager make it, with the flags of the chart's lockdown and the default feature gates.
func NewReconciler(cluster client.Client, recorder record.EventRecorder) *ImageUpdateAutomationReconciler {
	const name = "image-automation-controller"
	return &ImageUpdateAutomationReconciler{
		Client:              cluster,
		EventRecorder:       recorder,
		ControllerName:      name,
		NoCrossNamespaceRef: true,
		features:            features.FeatureGates(),
		patchOptions:        getPatchOptions(imageUpdateAutomationOwnedConditions, name),
	}
}

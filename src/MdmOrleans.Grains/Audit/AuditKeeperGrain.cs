using MdmOrleans.Abstractions.Audit;

namespace MdmOrleans.Grains.Audit;

[GrainType("mdm.audit")]
internal sealed class AuditKeeperGrain(IntentSettlement settlement, ChainAnchoring anchoring) : Grain, IAuditKeeper
{
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await settlement.SettleAsync(cancellationToken);
        await anchoring.AnchorAsync(cancellationToken);
    }
}

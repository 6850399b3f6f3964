// The packs that ship: they load alone and together, and leave honest messages alone.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/base/source_folder.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

// The rules folder lies beside tests/.
std::string rules_folder() { return test::source_folder() + "rules/"; }

Result<PatternSet> compile_packs(const std::vector<std::string>& names) {
    RuleSet all;
    for (const std::string& name : names) {
        auto set = RuleSet::load(rules_folder() + name);
        if (!set) return set.error();
        if (auto status = all.add(*std::move(set)); !status) return status.error();
    }
    return PatternSet::compile(std::move(all));
}

// Written for this test, by the kinds of message that a subscriber wants to get. No action but allow.
const std::vector<std::string> kHonest = {
    // Anti-fraud notices
    "【公安反诈中心】凡是刷单返利的都是诈骗，切勿相信，如有疑问请拨打96110。",
    "公安反诈中心提醒：没有安全账户，要求转账到安全账户的就是诈骗！",
    "反诈提醒：冒充电商客服退款理赔、要求屏幕共享的都是诈骗，请勿点击陌生链接。",
    "【某市公安局】谨防冒充公检法诈骗，公安机关不会通过电话办案，不会要求转账。",
    "警方提示：网上贷款先交保证金、解冻费的都是诈骗，请立即停止操作并拨打96110。",
    "国家反诈中心：注销校园贷会影响征信的说法都是诈骗，谨防上当。",
    "断卡行动提醒：出租、出售银行卡、电话卡属违法犯罪，须承担法律责任。",
    "反诈民警提醒您：网恋对象带你投资理财、内部消息稳赚不赔，都是诈骗。",
    "【社区】请各位居民警惕ETC失效、医保停用类短信，勿点链接，谨防诈骗。",
    "【银行协会】警惕征信修复骗局，个人征信异议可向人民银行免费申请。",
    // One-time codes
    "【某某银行】您的验证码为482913，5分钟内有效，请勿告知他人。",
    "验证码 663201，用于登录手机银行，如非本人操作请忽略。",
    "【某宝】您正在登录，校验码 220931，打死都不能告诉别人哦！",
    "您的动态密码是 118245，转账金额500.00元，请核对收款人后输入。",
    "【某信】验证码5521，您正在更换绑定手机，请勿转发。",
    "欢迎注册，验证码 9931，10分钟内有效。",
    // What friends and families send
    "周末爬山的照片我都发群里了，你看到了吗？",
    "丝袜和拖鞋给你放在门口了，上门取一下。",
    "今天航展上看到轰炸机了，孩子高兴坏了。",
    "股市今天大涨，中午请你吃饭。",
    "麻将三缺一，晚上八点老地方。",
    "存折我放抽屉了，卡号你自己看，别发微信。",
    "Nobody was in when I came by, I left the keys with Ann.",
    "Did you get the code I sent? The door one, not the alarm.",
    "My card was charged twice at the diner, will ask the bank tomorrow.",
    // Bank notices
    "您尾号7544的储蓄卡3月2日12:30消费人民币35.00元，余额1,280.50元。【某某银行】",
    "您尾号1234信用卡本期账单3,560.20元，最低还款356.02元，到期还款日15日。",
    "【某某银行】您的定期存款将于4月1日到期，届时将自动转存。",
    "您的工资已入账8,000.00元，账户余额10,231.05元。",
    "您的信用卡还款2,000元已入账，感谢使用。",
    "【某某银行】您的房屋贷款本月应还3,260.50元，扣款日为20日，请确保账户余额充足。",
    "您的银行卡因密码输错三次已锁定，请携带身份证到网点办理。",
    "【某某银行】您的网银证书将于下月到期，请到柜台更新。",
    "您尾号8890的账户向张某转账500.00元已成功。",
    // Deliveries
    "【驿站】您的快递已到北门驿站，取件码6-3-2011，请于18点前领取。",
    "您的包裹正在派送中，快递员李师傅，请保持电话畅通。",
    "您的订单已发货，预计明天送达，感谢您的购买。",
    "您的退款129.00元已原路退回，请留意到账。",
    "外卖已送达，祝您用餐愉快。",
    // Operators, government, schools, travel
    "尊敬的客户，您本月套餐内剩余流量3.2GB，剩余语音120分钟。",
    "您的话费余额不足10元，请及时充值，以免影响使用。",
    "【交管12123】您的车辆有一条违停记录，请到窗口或通过官方客户端处理。",
    "您预约的社保业务办理时间为明天上午9点，请携带身份证。",
    "医保缴费期将于12月31日结束，请到社区办理。",
    "【气象台】今天夜间到明天有大到暴雨，请注意防范。",
    "各位家长，明天下午两点召开家长会，请准时参加。",
    "您乘坐的G101次列车08:00开，请提前到站检票。",
    "您乘坐的航班因天气原因延误，预计14:30起飞，给您带来不便敬请谅解。",
    "您预订的酒店已确认，12月3日入住，1晚，请携带证件办理。",
    "【医院】您预约的门诊时间为周三上午，请提前半小时取号。",
    "小区明天9点到17点停水检修，请提前储水。",
    // Friends
    "妈，我到学校了，一切都好，别担心。",
    "晚上一起吃饭吗？老地方见。",
    "老板，明天的会议改到下午三点了。",
    "我的微信没反应，你给我打电话吧。",
    "房租我昨天转给你了，查收一下。",
    "周末去水库钓鱼，你来不来？",
    "借我的那本书下周还你。",
    "生日快乐！祝你天天开心。",
    "股票又跌了，唉。",
    "兼职面试通过了，下周一上班！",
    "积分够换一个杯子了，周末去店里拿。",
    "麻烦把发票抬头发我一下。",
    // English: codes, banks, deliveries, appointments, friends
    "Your verification code is 482913. It expires in 10 minutes. Do not share it with anyone.",
    "G-220193 is your security code.",
    "Your one-time passcode for online banking is 771203. We will never ask you for it.",
    "Your card ending 1234 was used for $20.15 at Corner Shop. Available balance $310.20.",
    "Did you attempt a purchase of $45.10 at Shoes Inc? Reply YES or NO.",
    "Your statement is ready. Sign in through our app to view it.",
    "Payment of $120.00 received, thank you. Your balance is $0.00.",
    "Your salary of $2,400 has been credited to your account ending 5678.",
    "Your parcel will arrive today between 10:00 and 11:00.",
    "Your parcel has been delivered and left with your neighbour at number 12.",
    "Out for delivery: your order will be with you by 9pm.",
    "Your order is ready for collection at the front desk.",
    "Reminder: dentist appointment on Monday at 10:30. Reply C to confirm.",
    "Your prescription is ready to collect from the pharmacy.",
    "Your taxi is outside, a blue Toyota, driver Sam.",
    "Your table for four is booked for 19:30 tonight.",
    "Flight BA000 is delayed, new departure 14:30. We are sorry for the wait.",
    "School is closed tomorrow because of snow. Stay safe.",
    "Your parking session ends in 10 minutes.",
    "The library book you reserved is ready.",
    "Data usage alert: you have used 80% of your 10 GB plan this month.",
    "Your bill for March is available in your account. Amount due 25.00 on 15 April.",
    "Beware of scams: we will never text you a link asking for your PIN.",
    "Police warning: parcel fee texts are a scam. Do not pay, delete them.",
    "Hi mum, home by six, love you.",
    "Mum, can you phone the school about Friday?",
    "Are you free for lunch tomorrow?",
    "I won the bet, you owe me a coffee haha",
    "Congrats on the new job! So happy for you.",
    "Can you call the bank about my card when you get a minute?",
    "Sorry wrong chat! That was for my sister.",
    "Running late, start without me.",
    "Did you see the game last night? Unreal.",
    "I locked myself out of the house again, are you home?",
    "Working from home today, call me on my cell.",
    "Got my tax refund, dinner is on me!",
    "Let's trade shifts, I can do your Sunday.",
    "The delivery guy left the pizza next door.",
    "Happy birthday! Hope you have a great day.",
    "Don't forget milk and eggs please.",
};

TEST(Packs, each_loads_alone_and_keeps_its_samples) {
    for (const char* name : {"zh-fraud.toml", "zh-ads.toml", "en-smishing.toml"}) {
        const auto set = compile_packs({name});
        ASSERT_TRUE(set) << set.error().text;
        for (const PatternRule& rule : set->rules()) {
            EXPECT_FALSE(rule.must_match.empty()) << rule.id;
            EXPECT_FALSE(rule.must_not_match.empty()) << rule.id;
            EXPECT_EQ(rule.action, Action::kTag)
                << rule.id << ": a starter pack stops nothing by itself";
        }
    }
}

TEST(Packs, know_every_type_of_the_taxonomy) {
    const auto set = compile_packs({"zh-fraud.toml"});
    ASSERT_TRUE(set) << set.error().text;
    std::set<std::string> categories;
    for (const PatternRule& rule : set->rules()) categories.insert(rule.category);
    for (const char* wanted :
         {"task_rebate", "fake_investment", "fake_shopping", "fake_courier_service", "fake_loan",
          "fake_credit", "fake_boss_or_friend", "fake_authority", "romance", "game_trade",
          "etc_points", "gambling", "card_trade"}) {
        EXPECT_EQ(categories.count(wanted), 1u) << wanted;
    }
}

TEST(Packs, leave_honest_messages_alone) {
    const auto set = compile_packs({"zh-fraud.toml", "zh-ads.toml", "en-smishing.toml"});
    ASSERT_TRUE(set) << set.error().text;
    for (const std::string& message : kHonest) {
        const std::string hits = testing::found(*set, message);
        std::string rule;
        if (!hits.empty()) rule = set->rules()[std::stoul(hits)].id;
        EXPECT_EQ(rule, "") << message;
    }
}

TEST(Packs, see_through_disguises) {
    const auto set = compile_packs({"zh-fraud.toml", "en-smishing.toml"});
    ASSERT_TRUE(set) << set.error().text;
    for (
        const char* message :
        {"招 淘 宝 刷 單 員，每 單 傭 金 5 到 50 元，日 結，加 薇 信",  // blanks, traditional, homophone
         "招淘宝刷\u200b单员，每单佣\u200b金5到50元，日\u200b结",       // zero-width
         "ＵＳＰＳ：ｙｏｕｒ ｐａｃｋａｇｅ ｃａｎｎｏｔ ｂｅ ｄｅｌｉｖｅｒｅｄ "
         "http://a-b.top/x",  // full width
         "U.S.P.S: your p a c k a g e cannot be delivered, in-complete address. "
         "http://a-b.top/x"}) {
        EXPECT_NE(testing::found(*set, message), "") << message;
    }
}

}  // namespace
}  // namespace ringfence
